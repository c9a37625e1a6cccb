import { setTimeout as wait } from 'node:timers/promises';
import { CallError, type CallLifecycle, type CallPlan } from '@earshot/calls';
import type { Logger } from 'pino';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** Longer than any call lasts. */
const PATIENCE_MS = 4 * 60 * 60_000;

/**
 * Begins the lives of calls that are already there, also while their host is away: an incoming call
 * is answered first, and its life begins when it can. Until then its reports are told to come again.
 */
export class PatientLifecycle implements AsyncDisposable {
  readonly #lifecycle: CallLifecycle;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(lifecycle: CallLifecycle, log: Logger) {
    this.#lifecycle = lifecycle;
    this.#log = log;
  }

  /** How many lives could not be begun yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Never waits and never throws. */
  begin(plan: CallPlan, carrierCallId: string): void {
    if (this.#waiting.has(plan.id)) return;
    const beginning = this.#begin(plan, carrierCallId).finally(() => {
      this.#waiting.delete(plan.id);
    });
    this.#waiting.set(plan.id, beginning);
  }

  readonly report: CallLifecycle['report'] = async (callId, report, signal) => {
    if (this.#waiting.has(callId))
      throw new CallError('lifecycle-unavailable', 'The call’s life has not begun yet');
    await this.#lifecycle.report(callId, report, signal);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#waiting.values());
  }

  async #begin(plan: CallPlan, carrierCallId: string): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(PATIENCE_MS)]);
    for (
      let waitMs = FIRST_WAIT_MS;
      !signal.aborted;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    ) {
      try {
        await this.#lifecycle.start(plan, carrierCallId, signal);
        return;
      } catch (err) {
        this.#log.warn({ err, callId: plan.id }, 'life of a call not begun');
        await wait(waitMs, null, { signal }).catch(() => {});
      }
    }
  }
}
