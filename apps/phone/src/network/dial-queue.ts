import type { Pace } from './pace.ts';

/** Lets calls out at Twilio's pace: so many a second, the others wait in line. */
export class DialQueue {
  readonly #pace: Pace;
  readonly #gapMs: number;
  #nextAtMs = Number.NEGATIVE_INFINITY;

  constructor(pace: Pace, callsPerSecond: number) {
    this.#pace = pace;
    this.#gapMs = 1_000 / callsPerSecond;
  }

  /** Milliseconds that a call must wait which comes now; its place is taken. */
  join(): number {
    const nowMs = this.#pace.now();
    const atMs = Math.max(nowMs, this.#nextAtMs);
    this.#nextAtMs = atMs + this.#gapMs;
    return atMs - nowMs;
  }
}
