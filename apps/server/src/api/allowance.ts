/** Names beyond so many are forgotten, those that have waited longest first. */
const MOST_NAMES = 50_000;

interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/**
 * So many an interval for each name, refilled evenly. Of this process alone: behind several
 * instances each gives its own.
 */
export class Allowance {
  readonly #most: number;
  readonly #intervalMs: number;
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    most: number,
    intervalMs: number,
    now: () => number = performance.now.bind(performance),
  ) {
    this.#most = most;
    this.#intervalMs = intervalMs;
    this.#now = now;
  }

  /** Takes one: null, or how long to wait when there is none. */
  take(name: string): number | null {
    const atMs = this.#now();
    const refilled = this.#left(name, atMs);
    const left = refilled < 1 ? refilled : refilled - 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { left, atMs });
    this.#forget();
    return this.#wait(refilled);
  }

  /** What `take` would say; takes none. */
  ask(name: string): number | null {
    return this.#wait(this.#left(name, this.#now()));
  }

  #wait(left: number): number | null {
    return left < 1 ? ((1 - left) * this.#intervalMs) / this.#most : null;
  }

  #left(name: string, nowMs: number): number {
    const bucket = this.#buckets.get(name);
    if (!bucket) return this.#most;
    const refill = ((nowMs - bucket.atMs) * this.#most) / this.#intervalMs;
    return Math.min(this.#most, bucket.left + refill);
  }

  #forget(): void {
    for (const name of this.#buckets.keys()) {
      if (this.#buckets.size <= MOST_NAMES) return;
      this.#buckets.delete(name);
    }
  }
}
