import { durationMs } from '@earshot/audio';
import { Notice } from './notice.ts';
import type { Speech } from './ports.ts';

/** Speech made ahead of what the line has taken; its maker waits beyond this. */
const AHEAD_MS = 3000;
const HALF_SAMPLE_MS = 0.05;

interface Item {
  readonly speech: Speech;
  readonly ms: number;
  endsClause: boolean;
  marked: boolean;
}

/**
 * Speech between its maker and the line. It keeps what the caller has not heard to the end of its
 * clause, so that reading can begin again there after a false barge-in.
 */
export class SpeechBuffer {
  readonly #notice = new Notice();
  readonly #items: Item[] = [];
  /** Items before this one were read. */
  #cursor = 0;
  /** How much of this run of reading lies before the first item kept. */
  #forgottenMs = 0;
  #heardMs = 0;
  #closed = false;
  #run = 0;
  #markHeard = false;

  /** Resolves when there is room for more, or the signal aborts. */
  async push(speech: Speech, signal: AbortSignal): Promise<void> {
    this.#items.push({ speech, ms: durationMs(speech.frame), endsClause: false, marked: false });
    this.#notice.tell();
    while (!signal.aborted && this.aheadMs >= AHEAD_MS) await this.#notice.wait(signal);
  }

  /** The newest speech ends its clause; marked, it is the one that `markHeard` waits for. */
  endClause(marked = false): void {
    const last = this.#items.at(-1);
    if (last === undefined) return;
    last.endsClause = true;
    last.marked ||= marked;
  }

  /** The caller has heard a marked clause to its end. */
  get markHeard(): boolean {
    return this.#markHeard;
  }

  /** Puts words in front of all that was not read yet: something to say while the rest is made. */
  interject(pieces: readonly Speech[]): void {
    const items = pieces.map((speech, index) => ({
      speech,
      ms: durationMs(speech.frame),
      endsClause: index === pieces.length - 1,
      marked: false,
    }));
    this.#items.splice(this.#cursor, 0, ...items);
    this.#notice.tell();
  }

  close(): void {
    this.endClause();
    this.#closed = true;
    this.#notice.tell();
  }

  async *read(signal: AbortSignal): AsyncGenerator<Speech> {
    const run = this.#run;
    while (!signal.aborted && run === this.#run) {
      const item = this.#items[this.#cursor];
      if (item !== undefined) {
        this.#cursor++;
        this.#notice.tell();
        yield item.speech;
      } else if (this.#closed) return;
      else await this.#notice.wait(signal);
    }
  }

  /** The caller has heard this much of the present run: clauses heard to their end are let go. */
  heard(heardMs: number): void {
    this.#heardMs = heardMs;
    for (;;) {
      const end = this.#items.findIndex(({ endsClause }) => endsClause);
      if (end < 0 || end >= this.#cursor) return;
      const ms = this.#items.slice(0, end + 1).reduce((sum, item) => sum + item.ms, 0);
      if (this.#forgottenMs + ms > heardMs + HALF_SAMPLE_MS) return;
      const heard = this.#items.splice(0, end + 1);
      this.#markHeard ||= heard.some(({ marked }) => marked);
      this.#cursor -= end + 1;
      this.#forgottenMs += ms;
    }
  }

  /** The next reading begins with the first clause that was not heard to its end. */
  rewind(): void {
    this.#cursor = 0;
    this.#forgottenMs = 0;
    this.#heardMs = 0;
    // Whoever still reads an earlier run reads no more.
    this.#run++;
    this.#notice.tell();
  }

  get aheadMs(): number {
    return this.#items.slice(this.#cursor).reduce((sum, { ms }) => sum + ms, 0);
  }

  /** Texts of the clauses kept: those not heard to their end. */
  get texts(): string[] {
    return this.#items.map(({ speech }) => speech.text).filter((text) => text !== '');
  }

  /** What the caller has not heard of this run; Infinity while more may come. */
  get unheardMs(): number {
    if (!this.#closed) return Number.POSITIVE_INFINITY;
    return this.#forgottenMs + this.#items.reduce((sum, { ms }) => sum + ms, 0) - this.#heardMs;
  }

  /** All that was made has been read, and more is to come. */
  get waiting(): boolean {
    return !this.#closed && this.#cursor >= this.#items.length;
  }

  /** Nothing is left to be heard. */
  get spent(): boolean {
    return this.#closed && this.#items.length === 0;
  }
}
