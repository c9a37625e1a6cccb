/** What Silero hears at once, at 8 kHz: 32 ms. */
export const WINDOW_SAMPLES = 256;

/** Cuts a stream of samples into Silero's windows. */
export class VoiceWindows {
  #window = new Int16Array(WINDOW_SAMPLES);
  #filled = 0;

  /** The windows that these samples complete, in order. */
  push(samples: Int16Array): Int16Array[] {
    const complete: Int16Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const piece = samples.subarray(at, at + WINDOW_SAMPLES - this.#filled);
      this.#window.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < WINDOW_SAMPLES) break;
      complete.push(this.#window);
      this.#window = new Int16Array(WINDOW_SAMPLES);
      this.#filled = 0;
    }
    return complete;
  }
}
