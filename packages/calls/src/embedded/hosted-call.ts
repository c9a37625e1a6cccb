import type { CallPlan } from '../call.ts';
import { CallError } from '../call-error.ts';
import type { LifecycleState } from '../lifecycle.ts';
import type { Outcome } from '../outcome.ts';
import { type CallProgress, phaseOf } from '../progress.ts';
import type { CallReport } from '../report.ts';
import { runCall, type ScriptOptions } from '../script.ts';
import type { CallActivities } from '../world.ts';
import type { Clock } from './clock.ts';
import { EmbeddedWorld } from './embedded-world.ts';
import type { Lease } from './lease.ts';

export interface HostedCallParts {
  readonly clock: Clock;
  /** What its script does to the world, until it is stopped. */
  readonly activities: (stopped: AbortSignal) => CallActivities;
  /** Where others may take calls over from here. */
  readonly lease: Lease | null;
}

/** One call whose script runs here. */
export class HostedCall {
  readonly plan: CallPlan;
  readonly #world: EmbeddedWorld;
  readonly #lease: Lease | null;
  readonly #stop = new AbortController();
  readonly #end = Promise.withResolvers<Outcome>();
  /** Decided, though it may not be kept yet. */
  #outcome: Outcome | null = null;
  #begun: boolean | undefined;

  constructor(
    plan: CallPlan,
    progress: CallProgress,
    { clock, activities, lease }: HostedCallParts,
  ) {
    this.plan = plan;
    this.#lease = lease;
    const own = this.#own(activities(this.#stop.signal));
    this.#world = new EmbeddedWorld(own, progress, clock);
    // Often nobody waits for the end; whoever does is told of a failure.
    this.#end.promise.catch(() => {});
  }

  /** Resolves, always, once the script is over. `begun`: what beginning it said, when that was done already. */
  async run(options: ScriptOptions, begun?: boolean): Promise<void> {
    this.#begun = begun;
    const decided = (end: Outcome) => {
      this.#outcome = end;
    };
    const over = runCall(this.plan, this.#world, { ...options, decided });
    await over.then(this.#end.resolve, this.#end.reject);
    // A turn to dial that is not needed any more is left to others.
    this.stop();
  }

  /** It was dialled before. */
  recall(carrierCallId: string): void {
    const atMs = this.#world.now();
    this.hear({ type: 'carrier', carrierCallId, status: 'queued', sequence: null, atMs });
  }

  /** False when its end is decided. */
  hear(report: CallReport): boolean {
    if (this.#outcome !== null) return false;
    this.#world.learn(report);
    return true;
  }

  get state(): LifecycleState {
    const { progress } = this.#world;
    const phase = this.#outcome ? 'ended' : phaseOf({ ...progress, terminal: null });
    return { phase, carrierCallId: progress.carrierCallId, outcome: this.#outcome };
  }

  /** The outcome once it is kept; rejects with the signal's reason. */
  async ended(signal: AbortSignal): Promise<Outcome> {
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await Promise.race([this.#end.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** It stays as it is: nothing more is done for it, and whoever waits for its end is told so. */
  stop(): void {
    this.#stop.abort();
    this.#world.stop();
    this.#end.reject(
      new CallError('lifecycle-unavailable', 'The call is not hosted here any more'),
    );
  }

  #own(activities: CallActivities): CallActivities {
    const lease = this.#lease;
    const ours = {
      ...activities,
      begin: async (...order: Parameters<CallActivities['begin']>) =>
        this.#begun ?? activities.begin(...order),
    };
    return lease ? guarded(ours, lease, this.#stop.signal) : ours;
  }
}

/**
 * What ends a call or dials it is done only for a call of ours: in a long pause of this process
 * another one may have taken it over. Where the store cannot tell, calls end, and none is dialled.
 */
function guarded(activities: CallActivities, lease: Lease, stopped: AbortSignal): CallActivities {
  const { turn, hangUp, settle } = activities;
  return {
    ...activities,
    async turn(plan) {
      await turn(plan);
      await lease.secured(stopped);
    },
    // Once it is stopped none of these does anything.
    async hangUp(carrierCallId) {
      await lease.confirm();
      await hangUp(carrierCallId);
    },
    async settle(...end) {
      await lease.confirm();
      await settle(...end);
    },
  };
}
