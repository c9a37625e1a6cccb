import type { CallPlan } from '../call.ts';
import type { LifecycleState } from '../lifecycle.ts';
import type { Outcome } from '../outcome.ts';
import { type CallProgress, phaseOf } from '../progress.ts';
import type { CallReport } from '../report.ts';
import { runCall, type ScriptOptions } from '../script.ts';
import type { CallActivities } from '../world.ts';
import type { Clock } from './clock.ts';
import { EmbeddedWorld } from './embedded-world.ts';

/** One call whose script runs here. */
export class HostedCall {
  readonly plan: CallPlan;
  readonly #world: EmbeddedWorld;
  readonly #end = Promise.withResolvers<Outcome>();
  /** Decided, though it may not be kept yet. */
  #outcome: Outcome | null = null;
  #begun: boolean | undefined;

  constructor(plan: CallPlan, progress: CallProgress, activities: CallActivities, clock: Clock) {
    this.plan = plan;
    this.#world = new EmbeddedWorld(this.#own(activities), progress, clock);
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

  stop(): void {
    this.#world.stop();
  }

  #own(activities: CallActivities): CallActivities {
    return {
      ...activities,
      begin: async (...order) => this.#begun ?? activities.begin(...order),
    };
  }
}
