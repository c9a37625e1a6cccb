import { FRAME_SAMPLES } from './frame-clock.ts';
import type { LiveCall, Side } from './live-call.ts';

/** A sound of the carrier's own; without samples it is silence. 8 kHz. */
export interface Sound {
  readonly length: number;
  readonly samples?: Int16Array;
}

/** Plays the carrier's own sounds to the caller, and takes the keys pressed meanwhile. */
export class PromptPlayer implements Side, Disposable {
  readonly #connected: Disposable;
  readonly #interrupted: AbortSignal;
  readonly #onDigit: (digit: string) => void;
  #sound: Sound | null = null;
  #at = 0;
  #finish: () => void = () => {};

  constructor(call: LiveCall, onDigit: (digit: string) => void = () => {}) {
    this.#interrupted = call.interrupted;
    this.#onDigit = onDigit;
    this.#interrupted.addEventListener('abort', this.#stop);
    this.#connected = call.connect(this);
  }

  /** Resolves when the sound has been heard, was stopped, or the call is over or directed elsewhere. */
  async play(sound: Sound): Promise<void> {
    if (this.#interrupted.aborted || sound.length <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sound = sound;
    this.#at = 0;
    this.#finish = resolve;
    await promise;
  }

  stop(): void {
    this.#stop();
  }

  frameOver(): void {
    if (this.#sound && this.#at >= this.#sound.length) this.#stop();
  }

  pull(): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    const { samples } = this.#sound ?? {};
    if (samples) frame.set(samples.subarray(this.#at, this.#at + FRAME_SAMPLES));
    this.#at += FRAME_SAMPLES;
    return frame;
  }

  press(digit: string): void {
    this.#onDigit(digit);
  }

  [Symbol.dispose](): void {
    this.#stop();
    this.#interrupted.removeEventListener('abort', this.#stop);
    this.#connected[Symbol.dispose]();
  }

  readonly #stop = (): void => {
    this.#sound = null;
    this.#finish();
  };
}
