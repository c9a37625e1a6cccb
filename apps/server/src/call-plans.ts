import type { Call, CallPlan, CallStore } from '@earshot/calls';

/** More than the calls that ring and live on one instance. */
const MOST_PLANS = 20_000;
/** A stream has begun and its caller hears nothing yet. */
const PATIENCE_MS = 1_500;

/** What was ordered of calls, also while the record cannot be asked. */
export class CallPlans {
  readonly #store: Pick<CallStore, 'find'>;
  readonly #plans = new Map<string, CallPlan>();

  constructor(store: Pick<CallStore, 'find'>) {
    this.#store = store;
  }

  keep(plan: CallPlan): void {
    this.#plans.delete(plan.id);
    this.#plans.set(plan.id, plan);
    const [oldest] = this.#plans.keys();
    if (oldest !== undefined && this.#plans.size > MOST_PLANS) this.#plans.delete(oldest);
  }

  has(callId: string): boolean {
    return this.#plans.has(callId);
  }

  forget(callId: string): void {
    this.#plans.delete(callId);
  }

  /** Null when nobody knows the call, it has ended, or the record cannot be asked in time. */
  async find(callId: string): Promise<CallPlan | null> {
    const known = this.#plans.get(callId);
    if (known) return known;
    const call = await this.#stored(callId);
    return call?.phase === 'ended' ? null : call;
  }

  async #stored(callId: string): Promise<Call | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(resolve, PATIENCE_MS, null);
    try {
      return await Promise.race([this.#store.find(callId).catch(() => null), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
