import { type AudioFrame, durationMs, Slab } from '@earshot/audio';

/** Whisper's window. A turn without a pause that is longer loses its beginning. */
const LONGEST_MS = 28_000;

/** A second of a phone line. */
const SLAB_BYTES = 16_000;

/** Keeps the caller's newest audio, so that an utterance begins before its first voiced frame. */
export class Utterance {
  readonly #prefixMs: number;
  readonly #slab = new Slab(SLAB_BYTES);
  #frames: AudioFrame[] = [];
  #keptMs = 0;
  #open = false;

  constructor(prefixMs: number) {
    this.#prefixMs = prefixMs;
  }

  hear(frame: AudioFrame): void {
    // Frames share memory with those of other calls, which would be kept as long as this one is.
    const samples = this.#slab.samples(frame.samples.length);
    samples.set(frame.samples);
    this.#frames.push({ samples, sampleRate: frame.sampleRate });
    this.#keptMs += durationMs(frame);
    this.#keep(this.#open ? LONGEST_MS : this.#prefixMs);
  }

  /** From now on everything is kept, beginning with the padding that was already heard. */
  begin(): void {
    this.#open = true;
  }

  /** Begins anew with the newest audio: what lies before it was recognised. */
  restart(): void {
    this.#keep(this.#prefixMs);
  }

  /** Forgets all but the padding. */
  end(): void {
    this.#open = false;
  }

  get lengthMs(): number {
    return this.#keptMs;
  }

  #keep(ms: number): void {
    while (this.#keptMs > ms && this.#frames.length > 1) {
      const oldest = this.#frames.shift();
      if (oldest !== undefined) this.#keptMs -= durationMs(oldest);
    }
  }

  /** Everything kept, as one frame. The last `furtherMs` sound twice: the pause at the end goes on. */
  audio(furtherMs = 0): AudioFrame {
    const sampleRate = this.#frames[0]?.sampleRate ?? 8000;
    const length = this.#frames.reduce((sum, { samples }) => sum + samples.length, 0);
    const further = Math.min(length, Math.round((furtherMs * sampleRate) / 1000));
    const samples = new Int16Array(length + further);
    let at = 0;
    for (const frame of this.#frames) {
      samples.set(frame.samples, at);
      at += frame.samples.length;
    }
    samples.copyWithin(length, length - further, length);
    return { samples, sampleRate };
  }
}
