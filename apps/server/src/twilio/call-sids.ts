import type { CallStore } from '@earshot/calls';
import { inboundCallId } from './inbound-plan.ts';

/** More than the calls of a day on one instance. */
const MOST_CALLS = 20_000;

interface Known {
  readonly callId: string;
  /** When the carrier was told to bring it back; what is long ago is forgotten. */
  returnsAtMs: readonly number[];
}

/** A line that is lost more rarely was worth bringing back. */
const RETURNS_WITHIN_MS = 120_000;

/** Which calls of ours the carrier's ids belong to, also while the record cannot be asked. */
export class CallSids {
  readonly #store: Pick<CallStore, 'findByCarrierId'>;
  readonly #now: () => number;
  /** In the order of their last mention. */
  readonly #known = new Map<string, Known>();
  /** The other way round. */
  readonly #sids = new Map<string, string>();

  /** `now` in milliseconds. */
  constructor(store: Pick<CallStore, 'findByCarrierId'>, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  learn(callSid: string, callId: string): void {
    const known = this.#known.get(callSid) ?? { callId, returnsAtMs: [] };
    this.#known.delete(callSid);
    this.#known.set(callSid, known);
    this.#sids.set(known.callId, callSid);
    const [oldest] = this.#known;
    if (oldest === undefined || this.#known.size <= MOST_CALLS) return;
    this.#known.delete(oldest[0]);
    this.#sids.delete(oldest[1].callId);
  }

  /** Whether this can be the carrier's id of that call, by all that is known here. */
  mayBe(callSid: string, callId: string): boolean {
    if (/^call-CA/.test(callId) && callId !== inboundCallId(callSid)) return false;
    const { callId: other = callId } = this.#known.get(callSid) ?? {};
    return other === callId && (this.#sids.get(callId) ?? callSid) === callSid;
  }

  /** Where nobody knows it, it is taken for an incoming call. */
  async callIdOf(callSid: string): Promise<string> {
    const known = this.#known.get(callSid);
    if (known) return known.callId;
    const call = await this.#store.findByCarrierId(callSid).catch(() => null);
    return call?.id ?? inboundCallId(callSid);
  }

  /** Counts one more return, and tells how many there were in the last two minutes. */
  returned(callSid: string, callId: string): number {
    this.learn(callSid, callId);
    const known = this.#known.get(callSid);
    if (!known) return 1;
    const nowMs = this.#now();
    const recent = known.returnsAtMs.filter((atMs) => nowMs - atMs < RETURNS_WITHIN_MS);
    known.returnsAtMs = [...recent, nowMs];
    return known.returnsAtMs.length;
  }
}
