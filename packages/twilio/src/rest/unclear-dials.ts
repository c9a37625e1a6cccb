import { CallError, type DialOrder } from '@earshot/calls';

/** Whose dial it was, and until when it may have led to a call; null: it is under way. */
interface UnclearDial extends Pick<DialOrder, 'to' | 'from'> {
  readonly closedAtMs: number | null;
}

/** Beyond so many, the oldest are forgotten. */
const MOST_DIALS = 10_000;

/** The dials of this process, as far as they help to tell whose a call at the carrier is. */
export class UnclearDials {
  readonly #now: () => number;
  readonly #unclear = new Map<string, UnclearDial>();
  /** Our ids by the carrier's. */
  readonly #owners = new Map<string, string>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Runs a dial, which resolves with the carrier's id. */
  async during(order: DialOrder, work: () => Promise<string>): Promise<string> {
    const { callId, to, from } = order;
    remember(this.#unclear, callId, { to, from, closedAtMs: null });
    try {
      const carrierCallId = await work();
      this.settle(callId, carrierCallId);
      return carrierCallId;
    } catch (error) {
      const unclear = error instanceof CallError && error.code === 'carrier-ambiguous';
      if (unclear) this.#unclear.set(callId, { to, from, closedAtMs: this.#now() });
      else this.#unclear.delete(callId);
      throw error;
    }
  }

  settle(callId: string, carrierCallId: string): void {
    this.#unclear.delete(callId);
    remember(this.#owners, carrierCallId, callId);
  }

  ownerOf(carrierCallId: string): string | null {
    return this.#owners.get(carrierCallId) ?? null;
  }

  /** Other calls whose unclear dials may have led to a call between these numbers since then. */
  rivalsOf({ callId, to, from }: DialOrder, sinceMs: number): readonly string[] {
    return [...this.#unclear]
      .filter(([id, dial]) => id !== callId && dial.to === to && dial.from === from)
      .filter(([, { closedAtMs }]) => closedAtMs === null || closedAtMs >= sinceMs)
      .map(([id]) => id);
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST_DIALS) return;
    map.delete(oldest);
  }
}
