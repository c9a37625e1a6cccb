import type { CallStore } from '@earshot/calls';
import { inboundCallId } from './inbound-plan.ts';

/** More than the calls of a day on one instance. */
const MOST_CALLS = 20_000;

interface Known {
  readonly callId: string;
  /** How often the carrier was told to bring it back. */
  returns: number;
}

/** Which calls of ours the carrier's ids belong to, also while the record cannot be asked. */
export class CallSids {
  readonly #store: Pick<CallStore, 'findByCarrierId'>;
  /** In the order of their last mention. */
  readonly #known = new Map<string, Known>();
  /** The other way round. */
  readonly #sids = new Map<string, string>();

  constructor(store: Pick<CallStore, 'findByCarrierId'>) {
    this.#store = store;
  }

  learn(callSid: string, callId: string): void {
    const known = this.#known.get(callSid) ?? { callId, returns: 0 };
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

  /** Counts one more return, and tells how many there were. */
  returned(callSid: string, callId: string): number {
    this.learn(callSid, callId);
    const known = this.#known.get(callSid);
    return known ? ++known.returns : 1;
  }
}
