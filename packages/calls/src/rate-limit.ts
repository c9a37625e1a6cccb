export interface RateLimitOptions {
  /** So many in any stretch of this length. */
  readonly most: number;
  readonly windowMs: number;
  /** Of more names those that were last taken longest ago are forgotten. */
  readonly mostNames?: number;
}

/** A sliding window for each name. It knows the time by what it is told. */
export class RateLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #mostNames: number;
  /** The moments of each name's latest takings, the oldest first; names in the order of their latest. */
  readonly #taken = new Map<string, readonly number[]>();

  constructor({ most, windowMs, mostNames = 50_000 }: RateLimitOptions) {
    if (!(most > 0 && windowMs > 0)) throw new RangeError('A limit and its window are above 0');
    this.#most = most;
    this.#windowMs = windowMs;
    this.#mostNames = mostNames;
  }

  /** How long until one may be taken; 0: now. */
  waitMs(name: string, nowMs: number): number {
    const taken = this.#recent(name, nowMs);
    const [oldest = nowMs] = taken;
    // Of a clock that was set back it is not believed that the wait is longer than the window.
    const leftMs = Math.min(oldest + this.#windowMs - nowMs, this.#windowMs);
    return taken.length < this.#most ? 0 : leftMs;
  }

  /** Takes one; false, and nothing is taken, when there is none. */
  take(name: string, nowMs: number): boolean {
    if (this.waitMs(name, nowMs) > 0) return false;
    const taken = [...this.#recent(name, nowMs), nowMs];
    this.#taken.delete(name);
    this.#taken.set(name, taken);
    this.#forget();
    return true;
  }

  #recent(name: string, nowMs: number): readonly number[] {
    return (this.#taken.get(name) ?? []).filter((atMs) => atMs + this.#windowMs > nowMs);
  }

  #forget(): void {
    for (const name of this.#taken.keys()) {
      if (this.#taken.size <= this.#mostNames) return;
      this.#taken.delete(name);
    }
  }
}
