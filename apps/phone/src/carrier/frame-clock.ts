export const FRAME_MS = 20;
/** A frame on the telephone: 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160;

/** Calls of one process share a clock but not a moment: their ticks are spread over the 20 ms. */
const PHASES = 10;
const STEP_MS = FRAME_MS / PHASES;
/** After a longer stall (a suspended laptop) the time is lost instead of being made up in a rush. */
const MAX_CATCH_UP_MS = 2_000;

/** Time for all calls of a process. */
export interface Clock {
  /** Milliseconds, never backwards. */
  now(): number;
  /** Calls `tick` every 20 ms, one for each 20 ms that pass, until disposed. */
  join(tick: () => void): Disposable;
}

/**
 * Ticks on absolute deadlines, so that errors of single timers never add up: the n-th tick is due at
 * start + n × 2 ms whenever the ticks before it came. Holds a timer only while somebody has joined.
 */
export class FrameClock implements Clock {
  readonly #phases: Set<() => void>[] = Array.from({ length: PHASES }, () => new Set());
  readonly #lateness = new Lateness();
  #timer: NodeJS.Timeout | null = null;
  #dueAt = 0;
  #step = 0;

  /** How late ticks were, over the whole life of the clock. */
  get lateness(): Lateness {
    return this.#lateness;
  }

  now(): number {
    return performance.now();
  }

  join(tick: () => void): Disposable {
    const phase = this.#emptiestPhase();
    phase.add(tick);
    if (this.#timer === null) this.#dueAt = this.now() + STEP_MS;
    this.#arm();
    return { [Symbol.dispose]: () => this.#leave(phase, tick) };
  }

  #emptiestPhase(): Set<() => void> {
    return this.#phases.reduce((least, phase) => (phase.size < least.size ? phase : least));
  }

  #leave(phase: Set<() => void>, tick: () => void): void {
    phase.delete(tick);
    if (this.#timer === null || this.#phases.some(({ size }) => size > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Sets the timer for the next phase that somebody has joined. */
  #arm(): void {
    let ahead = 0;
    while (ahead < PHASES && this.#phases[(this.#step + ahead) % PHASES]?.size === 0) ahead += 1;
    const delayMs = this.#dueAt + ahead * STEP_MS - this.now();
    clearTimeout(this.#timer ?? undefined);
    this.#timer = setTimeout(() => this.#run(), Math.max(0, delayMs));
  }

  #run(): void {
    while (this.#dueAt <= this.now()) {
      const behindMs = this.now() - this.#dueAt;
      if (behindMs > MAX_CATCH_UP_MS) this.#dueAt += behindMs;
      for (const tick of this.#phases[this.#step % PHASES] ?? []) {
        this.#lateness.add(this.now() - this.#dueAt);
        tick();
      }
      this.#step += 1;
      this.#dueAt += STEP_MS;
    }
    if (this.#timer !== null) this.#arm();
  }
}

/** A histogram in steps of 0.1 ms: constant memory, however long the load runs. */
export class Lateness {
  static readonly #STEPS = 10_000;
  readonly #counts = new Uint32Array(Lateness.#STEPS);
  #total = 0;

  add(lateMs: number): void {
    const step = Math.min(Lateness.#STEPS - 1, Math.max(0, Math.floor(lateMs * 10)));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#total += 1;
  }

  /** The lateness that a share (0 to 1) of all ticks kept, in milliseconds; 0 before the first tick. */
  percentileMs(share: number): number {
    let seen = 0;
    for (const [step, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= share * this.#total) return (step + 1) / 10;
    }
    return 0;
  }
}
