import { levelDbfs } from '@earshot/audio';
import { FRAME_MS } from './frame-clock.ts';

/** Samples a millisecond. */
const RATE = 8;
/** Speech is above, the noise of a quiet line below. */
const AUDIBLE_DBFS = -42;
/** A longer silence is a pause between two things said. */
const MAX_GAP_MS = 1_000;

export function isAudible(samples: Int16Array): boolean {
  return samples.length > 0 && levelDbfs(samples) >= AUDIBLE_DBFS;
}

/**
 * Finds the places where speech stopped only because the server's audio came too late: it sounds
 * right up to the hole and right after it. Ordinary pauses lie inside the audio that was sent.
 */
export class UnderrunDetector {
  #lastAudible = false;
  /** Samples of silence since the buffer ran dry; null while it plays, or after a clear. */
  #dry: number | null = null;

  /** `sent`: how many of the frame's samples came from the server. Returns the gap that ends, or 0. */
  heard(samples: Int16Array, sent: number): number {
    if (sent === 0) return this.#goDry(samples.length);
    const gapMs = this.#dry === null ? 0 : this.#dry / RATE;
    const audible = isAudible(samples.subarray(0, sent));
    const torn = gapMs > 0 && gapMs <= MAX_GAP_MS && this.#lastAudible && audible;
    this.#lastAudible = audible;
    this.#dry = sent < samples.length ? samples.length - sent : null;
    return torn ? gapMs : 0;
  }

  /** What was playing was cut on purpose. */
  cleared(): void {
    this.#lastAudible = false;
  }

  #goDry(samples: number): number {
    this.#dry = Math.min((this.#dry ?? 0) + samples, (MAX_GAP_MS + FRAME_MS) * RATE);
    return 0;
  }
}
