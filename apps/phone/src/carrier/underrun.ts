import { levelDbfs } from '@earshot/audio';
import { FRAME_MS } from './frame-clock.ts';

/** Samples a millisecond. */
const RATE = 8;
/** Speech that breaks off is louder than speech that fades away at its end. */
const SPEAKING_DBFS = -42;
/** A longer silence is a pause between two things said. */
const MAX_GAP_MS = 1_000;

/**
 * Finds the places where speech stopped only because the server's audio came too late: it sounds
 * right up to the hole and right after it. Ordinary pauses lie inside the audio that was sent.
 */
export class UnderrunDetector {
  #speaking = false;
  /** Samples of silence since the buffer ran dry; null while it plays, or after a clear. */
  #dry: number | null = null;

  /** `sent`: how many of the frame's samples came from the server. Returns the gap that ends, or 0. */
  heard(samples: Int16Array, sent: number): number {
    if (sent === 0) return this.#goDry(samples.length);
    const gapMs = this.#dry === null ? 0 : this.#dry / RATE;
    const speaking = levelDbfs(samples.subarray(0, sent)) >= SPEAKING_DBFS;
    const torn = gapMs > 0 && gapMs <= MAX_GAP_MS && this.#speaking && speaking;
    this.#speaking = speaking;
    this.#dry = sent < samples.length ? samples.length - sent : null;
    return torn ? gapMs : 0;
  }

  /** What was playing was cut on purpose. */
  cleared(): void {
    this.#speaking = false;
  }

  #goDry(samples: number): number {
    this.#dry = Math.min((this.#dry ?? 0) + samples, (MAX_GAP_MS + FRAME_MS) * RATE);
    return 0;
  }
}
