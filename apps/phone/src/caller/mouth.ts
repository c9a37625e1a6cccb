import type { Line } from './script.ts';
import type { SpokenTurn } from './spoken.ts';

const FRAME_SAMPLES = 160;
const SAMPLES_PER_MS = 8;

/** Says one line at a time, frame by frame, and remembers when each was said. */
export class Mouth {
  readonly #spoken: SpokenTurn[] = [];
  #line: Line | null = null;
  #kind: SpokenTurn['kind'] = 'turn';
  #position = 0;

  get speaking(): boolean {
    return this.#line !== null;
  }

  /** Of what was said last. */
  get kind(): SpokenTurn['kind'] {
    return this.#kind;
  }

  get spoken(): readonly SpokenTurn[] {
    return this.#spoken;
  }

  /** Starts with the next frame. Lines without sound are not said. */
  say(line: Line): void {
    if (line.utterance.samples.length === 0) return;
    this.#line = line;
    this.#kind = line.kind;
    this.#position = 0;
  }

  /** The next 160 samples, or null when nothing is being said. */
  next(atMs: number): Int16Array | null {
    if (!this.#line) return null;
    if (this.#position === 0) this.#remember(this.#line, atMs);
    const frame = new Int16Array(FRAME_SAMPLES);
    const { samples } = this.#line.utterance;
    frame.set(samples.subarray(this.#position, this.#position + FRAME_SAMPLES));
    this.#position += FRAME_SAMPLES;
    if (this.#position >= samples.length) this.#line = null;
    return frame;
  }

  #remember({ kind, said, utterance }: Line, atMs: number): void {
    this.#spoken.push({
      kind,
      said,
      startMs: atMs + utterance.voicedFromMs,
      endMs: atMs + Math.min(utterance.voicedToMs, utterance.samples.length / SAMPLES_PER_MS),
    });
  }
}
