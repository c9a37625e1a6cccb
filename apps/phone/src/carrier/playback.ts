import { FRAME_SAMPLES } from './frame-clock.ts';

/** Codes a millisecond. */
const RATE = 8;
/** More than ten minutes of waiting audio is thrown away (Twilio's warning 31931). */
const MAX_CODES = 10 * 60 * 1000 * RATE;
/** µ-law for "nothing" (G.711): what sounds while the buffer is empty. */
const SILENCE = 0xff;

/** What one 20 ms of playback brought to the ear. */
export interface Played {
  /** 160 µ-law codes. */
  readonly codes: Uint8Array;
  /** How many of them the server sent; the others are silence. */
  readonly sent: number;
}

/**
 * The carrier's buffer between the server and the ear: audio in messages of any size goes in, one
 * frame every 20 ms comes out, marks come back when all audio before them has sounded.
 */
export class Playback {
  readonly #waiting: Uint8Array[] = [];
  readonly #marks: { readonly name: string; readonly at: number }[] = [];
  /** Codes of the first waiting message that were pulled already. */
  #offset = 0;
  /** Counted from the stream's start, in codes: taken in, pulled out, and sounded to the end. */
  #taken = 0;
  #pulled = 0;
  #sounded = 0;
  #maxBuffered = 0;

  get bufferedMs(): number {
    return (this.#taken - this.#pulled) / RATE;
  }

  get maxBufferedMs(): number {
    return this.#maxBuffered / RATE;
  }

  /** False when the buffer is full and the audio is discarded. */
  append(codes: Uint8Array): boolean {
    if (this.#taken - this.#pulled + codes.length > MAX_CODES) return false;
    if (codes.length > 0) this.#waiting.push(codes);
    this.#taken += codes.length;
    this.#maxBuffered = Math.max(this.#maxBuffered, this.#taken - this.#pulled);
    return true;
  }

  /** True when there is nothing to wait for: the mark comes back at once. */
  mark(name: string): boolean {
    if (this.#taken === this.#sounded) return true;
    this.#marks.push({ name, at: this.#taken });
    return false;
  }

  /** Drops all that has not been pulled; returns how much that was, and every mark still out. */
  clear(): { readonly droppedMs: number; readonly marks: readonly string[] } {
    const droppedMs = this.bufferedMs;
    this.#waiting.length = 0;
    this.#offset = 0;
    this.#taken = this.#pulled;
    return { droppedMs, marks: this.#marks.splice(0).map(({ name }) => name) };
  }

  /** The frame pulled last has sounded to its end; returns the marks reached by it, in order. */
  settle(): readonly string[] {
    this.#sounded = this.#pulled;
    const next = this.#marks.findIndex(({ at }) => at > this.#sounded);
    const reached = this.#marks.splice(0, next === -1 ? this.#marks.length : next);
    return reached.map(({ name }) => name);
  }

  pull(): Played {
    const codes = new Uint8Array(FRAME_SAMPLES).fill(SILENCE);
    let sent = 0;
    for (let head = this.#waiting[0]; head && sent < FRAME_SAMPLES; head = this.#waiting[0]) {
      const part = head.subarray(this.#offset, this.#offset + FRAME_SAMPLES - sent);
      codes.set(part, sent);
      sent += part.length;
      this.#offset += part.length;
      if (this.#offset < head.length) break;
      this.#waiting.shift();
      this.#offset = 0;
    }
    this.#pulled += sent;
    return { codes, sent };
  }
}
