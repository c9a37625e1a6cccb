/** Below this a jump of timestamps alone is taken for jitter of the carrier's own clock. */
const JITTER_MS = 100;
/** With a gap in the chunk numbers, less than this is rounding. */
const ROUNDING_MS = 10;
/** Longer silence than this is not put in: the agent would listen to the past. */
const MOST_FILLED_MS = 2_000;
/** No gap is longer, since an idle line is given up before, and time does not run back this far. */
const LONGEST_GAP_MS = 30_000;
const FURTHEST_BACK_MS = 1_000;

/** How much silence is due before a frame, and how much more was lost than that. */
export interface Gap {
  readonly fillMs: number;
  readonly lostMs: number;
}

const NONE: Gap = { fillMs: 0, lostMs: 0 };

/**
 * Finds lost caller audio by chunk numbers and timestamps, so that the agent, whose clock is the
 * audio itself, keeps time. What was filled is counted in, so that jitter does not add up.
 */
export class CallerClock {
  #nextChunk: number | null = null;
  /** What the next timestamp would be if nothing were lost. */
  #expectedMs = 0;

  /** Takes note of a frame and tells what is missing before it. */
  hear(chunk: number, timestampMs: number, durationMs: number): Gap {
    const first = this.#nextChunk === null;
    const skipped = !first && chunk !== this.#nextChunk;
    const behindMs = timestampMs - this.#expectedMs;
    this.#nextChunk = chunk + 1;
    if (first || behindMs > LONGEST_GAP_MS || behindMs < -FURTHEST_BACK_MS) {
      this.#expectedMs = timestampMs + durationMs;
      return NONE;
    }
    this.#expectedMs += durationMs;
    if (behindMs < (skipped ? ROUNDING_MS : JITTER_MS)) return NONE;
    this.#expectedMs += behindMs;
    return { fillMs: Math.min(behindMs, MOST_FILLED_MS), lostMs: behindMs };
  }
}
