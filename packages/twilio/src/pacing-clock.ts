/** Time for lines: what it is now, and a regular call back. */
export interface Ticker {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls `tick` every period until disposed. */
  join(tick: (nowMs: number) => void): Disposable;
}

/** Where a clock gets its time and its wake-ups from. */
export interface TimeSource {
  now(): number;
  /** Calls once after a delay; the returned function takes it back. */
  wake(call: () => void, delayMs: number): () => void;
}

/** How much speech goes into one message, and so how often a line is asked for one. */
export const PERIOD_MS = 60;
/** Lines are spread over so many phases of the period, so that they do not all send at once. */
const GROUPS = 6;
const SLOT_MS = PERIOD_MS / GROUPS;

type Tick = (nowMs: number) => void;

/**
 * One clock for all lines of a process. Slots lie on absolute deadlines counted from the start, so
 * that late timers do not add up; a period missed altogether is skipped, not made up for. The timer
 * runs only while a line is open.
 */
export class PacingClock implements Ticker, Disposable {
  readonly #time: TimeSource;
  readonly #groups: readonly Set<Tick>[] = Array.from({ length: GROUPS }, () => new Set());
  readonly #originMs: number;
  #slot = 0;
  #cancel: (() => void) | null = null;

  constructor(time: TimeSource = REAL_TIME) {
    this.#time = time;
    this.#originMs = time.now();
  }

  now(): number {
    return this.#time.now();
  }

  join(tick: Tick): Disposable {
    const group = this.#groups.reduce((least, one) => (one.size < least.size ? one : least));
    group.add(tick);
    this.#arm();
    return {
      [Symbol.dispose]: () => {
        group.delete(tick);
        if (this.#groups.every(({ size }) => size === 0)) this[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    if (this.#cancel) return;
    const now = this.#time.now();
    this.#slot = Math.floor((now - this.#originMs) / SLOT_MS) + 1;
    this.#sleep(now);
  }

  #sleep(now: number): void {
    const dueMs = this.#originMs + this.#slot * SLOT_MS;
    this.#cancel = this.#time.wake(() => this.#wake(), Math.max(0, dueMs - now));
  }

  #wake(): void {
    const now = this.#time.now();
    const due = Math.floor((now - this.#originMs) / SLOT_MS);
    const first = Math.max(this.#slot, due - GROUPS + 1);
    this.#slot = Math.max(this.#slot, due + 1);
    this.#sleep(now);
    for (let slot = first; slot <= due; slot += 1) this.#tick(slot % GROUPS, now);
  }

  #tick(group: number, now: number): void {
    for (const tick of this.#groups[group] ?? []) tick(now);
  }
}

/** Never keeps the process alive: an open line's socket does that. */
const REAL_TIME: TimeSource = {
  now: () => performance.now(),
  wake: (call, delayMs) => {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
