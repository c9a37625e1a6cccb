import { setTimeout as wait } from 'node:timers/promises';
import type { CallPlan, CallStore } from '@earshot/calls';
import { remember } from './remember.ts';
import { inboundPlan, inboundSidOf } from './twilio/inbound-plan.ts';

/** More than the calls that ring and live on one instance. */
const MOST_PLANS = 20_000;
/** A stream has begun and its caller hears nothing yet. */
const PATIENCE_MS = 1_500;
/** The instance that was told of a call keeps its record while another gets the stream already. */
const LOOK_EVERY_MS = 100;

export interface CallPlansOptions {
  readonly store: Pick<CallStore, 'find'>;
  /** Of incoming calls. */
  readonly maxDurationMs: number;
  readonly patienceMs?: number;
}

/** What was ordered of calls, also while the record cannot be asked. */
export class CallPlans {
  readonly #options: CallPlansOptions;
  readonly #plans = new Map<string, CallPlan>();

  constructor(options: CallPlansOptions) {
    this.#options = options;
  }

  keep(plan: CallPlan): void {
    remember(this.#plans, plan.id, plan, MOST_PLANS);
  }

  has(callId: string): boolean {
    return this.#plans.has(callId);
  }

  /** Of calls that were ordered or taken here and have not ended, the oldest first. */
  all(): readonly CallPlan[] {
    return [...this.#plans.values()];
  }

  forget(callId: string): void {
    this.#plans.delete(callId);
  }

  /**
   * Null when the call has ended, or nobody knows it in time. An incoming call needs nobody to know it:
   * its id tells enough to answer it.
   */
  async find(callId: string): Promise<CallPlan | null> {
    const known = this.#plans.get(callId);
    if (known) return known;
    const { patienceMs = PATIENCE_MS, maxDurationMs } = this.#options;
    const call = await this.#stored(callId, AbortSignal.timeout(patienceMs));
    if (call) return call.phase === 'ended' ? null : call;
    const callSid = inboundSidOf(callId);
    return callSid === null ? null : inboundPlan({ callSid, from: '', to: '' }, maxDurationMs);
  }

  async #stored(callId: string, signal: AbortSignal) {
    const late = wait(PATIENCE_MS, null, { signal, ref: false }).catch(() => null);
    for (;;) {
      const call = await Promise.race([this.#options.store.find(callId).catch(() => null), late]);
      if (call || signal.aborted) return call;
      await wait(LOOK_EVERY_MS, null, { signal }).catch(() => {});
    }
  }
}
