import type { Delivery, Outbox } from '../outbox.ts';

interface Kept {
  readonly delivery: Delivery;
  /** Nobody else may take it before. */
  readonly leasedUntilMs: number;
  /** Delivered or given up: only its id is of use, so that it is not taken a second time. */
  readonly done: boolean;
}

/** Deliveries in this process's memory. Of more than `most` the oldest
 * are forgotten, those that are done first. */
export class MemoryOutbox implements Outbox {
  readonly #most: number;
  readonly #kept = new Map<string, Kept>();

  constructor({ most = 10_000 }: { most?: number } = {}) {
    this.#most = most;
  }

  async add(delivery: Delivery): Promise<void> {
    if (this.#kept.has(delivery.id)) return;
    this.#makeRoom();
    this.#keep({ delivery: { ...delivery }, leasedUntilMs: 0, done: false });
  }

  async claim(nowMs: number, leaseMs: number, limit: number): Promise<readonly Delivery[]> {
    const due = [...this.#kept.values()]
      .filter(
        ({ delivery, leasedUntilMs, done }) =>
          !done && delivery.nextAttemptAtMs <= nowMs && leasedUntilMs <= nowMs,
      )
      .sort((a, b) => a.delivery.nextAttemptAtMs - b.delivery.nextAttemptAtMs)
      .slice(0, limit);
    for (const kept of due) this.#keep({ ...kept, leasedUntilMs: nowMs + leaseMs });
    return due.map(({ delivery }) => delivery);
  }

  async delivered(id: string, _atMs: number): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept) this.#keep({ ...kept, delivery: { ...kept.delivery, body: '' }, done: true });
  }

  async postpone(id: string, nextAttemptAtMs: number | null): Promise<void> {
    const kept = this.#kept.get(id);
    if (!kept || kept.done) return;
    const { delivery } = kept;
    this.#keep({
      delivery: {
        ...delivery,
        attempts: delivery.attempts + 1,
        nextAttemptAtMs: nextAttemptAtMs ?? delivery.nextAttemptAtMs,
      },
      leasedUntilMs: 0,
      done: nextAttemptAtMs === null,
    });
  }

  #keep(kept: Kept): void {
    this.#kept.set(kept.delivery.id, kept);
  }

  #makeRoom(): void {
    if (this.#kept.size < this.#most) return;
    const ids = [...this.#kept.keys()];
    const id = ids.find((one) => this.#kept.get(one)?.done) ?? ids[0];
    if (id !== undefined) this.#kept.delete(id);
  }
}
