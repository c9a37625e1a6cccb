import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Heard, Speech } from './ports.ts';

/** Words and the stretch of the playout clock in which they sound. */
interface Span {
  readonly text: string;
  readonly startMs: number;
  endMs: number;
}

/**
 * The ledger of one line: what was given to it, and how much of that the caller has heard. Positions
 * are those of the line's playout clock. One reply is open at a time.
 */
export class Playout {
  #givenMs = 0;
  #heardMs = 0;
  #reply: { readonly id: number; readonly startMs: number; readonly spans: Span[] } | null = null;
  #complete = false;
  #ended = true;

  /** A new reply begins where the audio so far ends. What came before no longer counts. */
  begin(replyId: number): void {
    this.#reply = { id: replyId, startMs: this.#givenMs, spans: [] };
    this.#complete = false;
    this.#ended = false;
  }

  give({ frame, text }: Speech): void {
    this.silence(frame);
    const spans = this.#reply?.spans;
    if (text !== '') spans?.push({ text, startMs: this.#givenMs - durationMs(frame), endMs: 0 });
    const span = spans?.at(-1);
    if (span !== undefined) span.endMs = this.#givenMs;
  }

  /** Audio without words of its own. */
  silence(frame: AudioFrame): void {
    this.#givenMs += durationMs(frame);
  }

  /** All speech of the reply has been given. */
  complete(): void {
    this.#complete = true;
  }

  /** The line says how far the caller has heard. Null when no reply is open. */
  heard(positionMs: number): Heard | null {
    this.#heardMs = Math.max(this.#heardMs, positionMs);
    const done = this.#complete && this.#heardMs >= this.#givenMs - HALF_SAMPLE_MS;
    return this.#report(done);
  }

  /** The line was cleared at this position: what lies behind it will not be heard. */
  clear(positionMs: number): Heard | null {
    this.#heardMs = Math.max(this.#heardMs, Math.min(positionMs, this.#givenMs));
    return this.#report(true);
  }

  /** What the newest reply says in full, as far as it was given. */
  get said(): string {
    return (this.#reply?.spans ?? []).map(({ text }) => text).join(' ');
  }

  #report(ended: boolean): Heard | null {
    if (this.#reply === null || this.#ended) return null;
    const { id, startMs, spans } = this.#reply;
    const text = spans
      .map((span) => wordsHeard(span, this.#heardMs))
      .filter(Boolean)
      .join(' ');
    this.#ended = ended;
    return { replyId: id, text, heardMs: Math.max(0, this.#heardMs - startMs), ended };
  }
}

/** Rates that do not divide a millisecond make sums of durations differ in their last digits. */
const HALF_SAMPLE_MS = 0.05;

/** Words weigh by their letters: inside a clause no better timing is known. */
function wordsHeard({ text, startMs, endMs }: Span, heardMs: number): string {
  if (heardMs >= endMs - HALF_SAMPLE_MS) return text;
  const words = text.split(/\s+/);
  const weights = words.map((word) => word.length + 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = ((heardMs - startMs) / (endMs - startMs)) * total;
  let passed = 0;
  const whole = weights.filter((weight) => {
    passed += weight;
    return passed - weight / 2 <= share;
  });
  return words.slice(0, whole.length).join(' ');
}
