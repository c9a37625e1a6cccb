import {
  type CallActivities,
  type CallLifecycle,
  type CallPlan,
  SYSTEM_CLOCK,
} from '@earshot/calls';
import { type StoryParts, type StoryStage, scaledLimits } from '@earshot/calls/contracts';
import { startCallWorker } from '../call-worker.ts';
import { pause } from '../pause.ts';
import type { TemporalAddress } from '../temporal-address.ts';
import { TemporalLifecycle } from '../temporal-lifecycle.ts';
import { workerOptions } from './worker-options.fake.ts';

/** Two fifths of real time: a call's waits stay long beside Temporal's own few milliseconds. */
const limits = scaledLimits(0.4);

const LOOK_MS = 40;
const GIVE_UP_MS = 100_000;
const never = new AbortController().signal;

interface Played {
  readonly activities: CallActivities;
  readonly parts: StoryParts;
  readonly calls: Set<string>;
}

/** Plays many stories at once on one worker: each call's activities are those of its story. */
export class TemporalStage implements AsyncDisposable {
  readonly #stories = new Set<Played>();
  readonly #opened: AsyncDisposableStack;
  readonly #lifecycle: TemporalLifecycle;

  private constructor(opened: AsyncDisposableStack, lifecycle: TemporalLifecycle) {
    this.#opened = opened;
    this.#lifecycle = lifecycle;
  }

  static async open(address: TemporalAddress): Promise<TemporalStage> {
    const opened = new AsyncDisposableStack();
    const stage = new TemporalStage(opened, opened.use(new TemporalLifecycle(address, limits)));
    const options = workerOptions(address, stage.#activities());
    opened.use(await startCallWorker(options, never));
    return stage;
  }

  /** A stage for one story. */
  story(): StoryStage {
    return {
      clock: SYSTEM_CLOCK,
      limits,
      until,
      host: async (activities, parts) => {
        const played = { activities, parts, calls: new Set<string>() };
        this.#stories.add(played);
        return {
          lifecycle: this.#lifecycleOf(played),
          [Symbol.asyncDispose]: async () => void this.#stories.delete(played),
        };
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }

  #lifecycleOf({ calls }: Played): CallLifecycle {
    const lifecycle = this.#lifecycle;
    return {
      start: (plan, carrierCallId, signal) => {
        calls.add(plan.id);
        return lifecycle.start(plan, carrierCallId, signal);
      },
      report: lifecycle.report.bind(lifecycle),
      state: lifecycle.state.bind(lifecycle),
      outcome: lifecycle.outcome.bind(lifecycle),
    };
  }

  #activities(): CallActivities {
    const by = ({ id }: CallPlan) => this.#find(({ calls }) => calls.has(id));
    const at = (carrierCallId: string) =>
      this.#find(({ parts }) =>
        parts.carrier.calls.some((call) => call.carrierCallId === carrierCallId),
      );
    return {
      begin: async (plan, ...rest) => by(plan).begin(plan, ...rest),
      turn: async (plan) => by(plan).turn(plan),
      dial: async (plan) => by(plan).dial(plan),
      find: async (plan) => by(plan).find(plan),
      lookUp: async (carrierCallId) => at(carrierCallId).lookUp(carrierCallId),
      hangUp: async (carrierCallId) => at(carrierCallId).hangUp(carrierCallId),
      note: async (plan, ...rest) => by(plan).note(plan, ...rest),
      settle: async (plan, ...rest) => by(plan).settle(plan, ...rest),
    };
  }

  #find(isIt: (story: Played) => boolean): CallActivities {
    const story = [...this.#stories].find(isIt);
    if (!story) throw new Error('The story is over');
    return story.activities;
  }
}

/** Each look at a call's state is work for the server and the worker. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error('It never came to that');
    await pause(LOOK_MS, never);
  }
}
