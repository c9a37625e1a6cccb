import { type AudioFrame, durationMs, MulawEncoder } from '@earshot/audio';

/** µ-law codes a millisecond. */
export const CODES_PER_MS = 8;

/** Codes, and the position of the playout clock at which they end. */
export interface SpeechPiece {
  readonly codes: Uint8Array;
  readonly endMs: number;
}

/**
 * Speech on its way from the agent to the wire: encoded, not yet sent. A *run* is speech without a
 * break; filters hold a little of it back until it ends.
 */
export class SpeechBuffer {
  readonly #encoders = new Map<number, MulawEncoder>();
  readonly #pieces: SpeechPiece[] = [];
  #codes = 0;
  #playedMs = 0;
  #endedMs = 0;
  #run: { readonly startMs: number; readonly encoder: MulawEncoder; codes: number } | null = null;

  /** Length of all audio ever played: the end of the playout clock. */
  get playedMs(): number {
    return this.#playedMs;
  }

  /** Where the newest complete run ended. */
  get endedMs(): number {
    return this.#endedMs;
  }

  get pendingMs(): number {
    return this.#codes / CODES_PER_MS;
  }

  get isEmpty(): boolean {
    return this.#codes === 0;
  }

  /** A run is open: more of it may be held back by the filter, and more may come. */
  get isRunning(): boolean {
    return this.#run !== null;
  }

  play(frame: AudioFrame): void {
    const encoder = this.#encoder(frame.sampleRate);
    if (this.#run && this.#run.encoder !== encoder) this.endRun();
    this.#run ??= { startMs: this.#playedMs, encoder, codes: 0 };
    this.#playedMs += durationMs(frame);
    this.#push(encoder.process(frame.samples), this.#run);
  }

  /** Speech that is not to be heard any more still takes its place on the playout clock. */
  skip(frame: AudioFrame): void {
    this.endRun();
    this.#playedMs += durationMs(frame);
  }

  /** Brings out what the filter holds back. Afterwards all speech played is here or was taken. */
  endRun(): void {
    if (!this.#run) return;
    this.#push(this.#run.encoder.flush(), this.#run);
    this.#run = null;
    this.#endedMs = this.#playedMs;
    // Resampling may give one sample more or less than the clock says; the clock is right.
    const last = this.#pieces.pop();
    if (last) this.#pieces.push({ ...last, endMs: this.#playedMs });
  }

  /** Up to so many codes. Null when there is nothing. */
  take(most: number): SpeechPiece | null {
    const taken: Uint8Array[] = [];
    let endMs = 0;
    let room = most;
    while (room > 0) {
      const piece = this.#pieces.shift();
      if (!piece) break;
      const rest = piece.codes.length - room;
      if (rest > 0) this.#pieces.unshift({ ...piece, codes: piece.codes.subarray(room) });
      const codes = piece.codes.subarray(0, room);
      taken.push(codes);
      room -= codes.length;
      endMs = piece.endMs - Math.max(0, rest) / CODES_PER_MS;
    }
    this.#codes -= most - room;
    return taken.length > 0 ? { codes: joined(taken, most - room), endMs } : null;
  }

  /** Drops everything not taken. The playout clock keeps it, so that no position is used twice. */
  drop(): void {
    this.#pieces.length = 0;
    this.#codes = 0;
    this.#run?.encoder.reset();
    this.#run = null;
  }

  #push(codes: Uint8Array, run: { readonly startMs: number; codes: number }): void {
    if (codes.length === 0) return;
    run.codes += codes.length;
    this.#codes += codes.length;
    const endMs = Math.min(run.startMs + run.codes / CODES_PER_MS, this.#playedMs);
    this.#pieces.push({ codes, endMs });
  }

  #encoder(sampleRate: number): MulawEncoder {
    const known = this.#encoders.get(sampleRate);
    if (known) return known;
    const encoder = new MulawEncoder(sampleRate);
    this.#encoders.set(sampleRate, encoder);
    return encoder;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
