import { IDEMPOTENCY_TTL_MS, type IdempotencyAnswer, type IdempotencyStore } from '../access.ts';

interface Taken {
  readonly fingerprint: string;
  readonly callId: string;
  readonly atMs: number;
}

/** Idempotency keys in this process's memory: the newest `mostKeys`. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #mostKeys: number;
  readonly #taken = new Map<string, Taken>();

  constructor({ mostKeys = 100_000 }: { mostKeys?: number } = {}) {
    this.#mostKeys = mostKeys;
  }

  async take(
    owner: string,
    key: string,
    fingerprint: string,
    callId: string,
    atMs: number,
  ): Promise<IdempotencyAnswer> {
    const name = JSON.stringify([owner, key]);
    const taken = this.#taken.get(name);
    if (taken && atMs - taken.atMs < IDEMPOTENCY_TTL_MS)
      return taken.fingerprint === fingerprint
        ? { type: 'same', callId: taken.callId }
        : { type: 'different' };
    this.#taken.delete(name);
    this.#taken.set(name, { fingerprint, callId, atMs });
    this.#forget(atMs);
    return { type: 'new' };
  }

  /** Keys are in the order in which they were taken: the oldest first. */
  #forget(nowMs: number): void {
    for (const [name, { atMs }] of this.#taken) {
      if (this.#taken.size <= this.#mostKeys && nowMs - atMs < IDEMPOTENCY_TTL_MS) return;
      this.#taken.delete(name);
    }
  }
}
