import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Figures } from './figures.ts';
import type { LineTap } from './tapped-line.ts';

/** Counts a line's audio, both ways. */
export class LineFigures implements LineTap {
  readonly #figures: Figures;
  readonly #now: () => number;
  #givenMs = 0;
  #heardMs = 0;

  constructor(figures: Figures, now: () => number) {
    this.#figures = figures;
    this.#now = now;
  }

  caller(frame: AudioFrame): void {
    this.#figures.receivedMs += durationMs(frame);
  }

  played(frame: AudioFrame): void {
    const ms = durationMs(frame);
    this.#givenMs += ms;
    this.#figures.sentMs += ms;
    this.#figures.firstAudioAtMs ??= this.#now();
    this.#sample();
  }

  heard(positionMs: number): void {
    if (positionMs > 0) this.#figures.firstHeardAtMs ??= this.#now() - (positionMs - this.#heardMs);
    this.#heardMs = Math.max(this.#heardMs, positionMs);
    this.#sample();
  }

  /** What was not heard is on no queue any more, and was not sent. */
  cleared(positionMs: number): void {
    this.#figures.sentMs -= Math.max(0, this.#givenMs - positionMs);
    this.#heardMs = this.#givenMs;
  }

  #sample(): void {
    const waitingMs = Math.max(0, this.#givenMs - this.#heardMs);
    this.#figures.deepestQueueMs = Math.max(this.#figures.deepestQueueMs, waitingMs);
    this.#figures.queueMs += waitingMs;
    this.#figures.queueSamples += 1;
  }
}
