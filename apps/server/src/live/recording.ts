import { type AudioFrame, Resampler, type WavWriter } from '@earshot/audio';
import type { LineTap } from './tapped-line.ts';

export interface RecordingOptions {
  readonly writer: Pick<WavWriter, 'write' | 'close'>;
  /** Told once: what follows is not recorded. */
  readonly onFailed: (error: unknown) => void;
}

const RATE = 8_000;
const PER_MS = RATE / 1_000;
/** The caller's audio is written so much later, so that what the agent is known to be heard saying joins it. */
const WINDOW = 2_000 * PER_MS;
/** Written at once: half a second. */
const CHUNK = 500 * PER_MS;
/** A disk that is so far behind is too slow: half a minute. */
const MOST_UNWRITTEN = 30_000 * PER_MS;
/** Speech that goes on is not torn apart by marks that come a little late. */
const JITTER = 200 * PER_MS;

/**
 * One stream's audio as the caller lived it: what they said on the left, on the right what they heard
 * of the agent, when they heard it. Nothing is held before `keep`: that time is silence, or no file at
 * all if it never comes. It holds a few seconds and never fails the call.
 */
export class Recording implements LineTap {
  readonly #options: RecordingOptions;
  /** Of both channels, from `#writtenUntil` on, in samples since the stream's beginning. */
  readonly #left = new Int16Array(WINDOW + 2 * CHUNK);
  readonly #right = new Int16Array(WINDOW + 2 * CHUNK);
  #now = 0;
  /** Nothing from before is in it; null: nothing is to be. */
  #keptFrom: number | null = null;
  #writtenUntil = 0;
  #rightUntil = 0;
  #unwritten = 0;
  #over = false;
  /** What the agent says and the caller has not heard yet, from `#spokenFrom` on the playout clock. */
  #spoken: Int16Array[] = [];
  #spokenFrom = 0;
  #playedMs = 0;
  #resampler: { readonly rate: number; readonly filter: Resampler } | null = null;

  constructor(options: RecordingOptions) {
    this.#options = options;
  }

  /** The caller knows of it: from here on it holds what is said and heard. */
  keep(): void {
    if (this.#over || this.#keptFrom !== null) return;
    this.#keptFrom = this.#now;
    this.#writtenUntil = this.#now;
    this.#rightUntil = this.#now;
    const silence = new Int16Array(this.#now);
    if (this.#now > 0)
      this.#options.writer.write(silence, silence).catch((error) => this.#fail(error));
  }

  caller({ samples, sampleRate }: AudioFrame): void {
    if (this.#over || sampleRate !== RATE) return;
    if (this.#keptFrom === null) {
      this.#now += samples.length;
      return;
    }
    for (let at = 0; at < samples.length; at += CHUNK) {
      const piece = samples.subarray(at, at + CHUNK);
      this.#left.set(piece, this.#now - this.#writtenUntil);
      this.#now += piece.length;
      if (this.#now - this.#writtenUntil >= WINDOW + CHUNK) this.#write(CHUNK);
    }
  }

  played(frame: AudioFrame): void {
    if (this.#over) return;
    if (this.#resampler?.rate !== frame.sampleRate) {
      this.flushed();
      const filter = new Resampler(frame.sampleRate, RATE);
      this.#resampler = { rate: frame.sampleRate, filter };
    }
    this.#playedMs += (frame.samples.length * 1_000) / frame.sampleRate;
    this.#spoken.push(this.#resampler?.filter.process(frame.samples) ?? new Int16Array());
  }

  flushed(): void {
    const rest = this.#resampler?.filter.flush();
    if (rest && rest.length > 0) this.#spoken.push(rest);
  }

  heard(positionMs: number): void {
    if (this.#over) return;
    const heard = this.#take(Math.round(positionMs * PER_MS) - this.#spokenFrom);
    if (heard.length > 0 && this.#keptFrom !== null) this.#place(heard, this.#keptFrom);
  }

  cleared(positionMs: number): void {
    this.heard(positionMs);
    this.#spoken = [];
    this.#resampler = null;
    this.#spokenFrom = Math.round(this.#playedMs * PER_MS);
  }

  /** Resolves once all is on disk, or cannot be. */
  async close(): Promise<void> {
    if (this.#over) return;
    if (this.#keptFrom !== null) this.#write(this.#now - this.#writtenUntil);
    this.#over = true;
    await this.#options.writer.close().catch((error) => this.#options.onFailed(error));
  }

  #take(length: number): Int16Array {
    const taken: Int16Array[] = [];
    let left = length;
    while (left > 0) {
      const first = this.#spoken.shift();
      if (!first) break;
      if (first.length > left) this.#spoken.unshift(first.subarray(left));
      taken.push(first.subarray(0, left));
      left -= Math.min(left, first.length);
    }
    this.#spokenFrom += length - left;
    return joined(taken);
  }

  /** It has just been heard to its end. What does not fit before that is heard a little later. */
  #place(all: Int16Array, keptFrom: number): void {
    const heard = all.subarray(Math.max(0, all.length - (this.#now - keptFrom)));
    const ideal = this.#now - heard.length;
    const goesOn = Math.abs(ideal - this.#rightUntil) < JITTER;
    const from = Math.max(goesOn ? this.#rightUntil : ideal, this.#rightUntil, this.#writtenUntil);
    const room = this.#right.length - (from - this.#writtenUntil);
    const fits = heard.subarray(0, Math.max(0, room));
    this.#right.set(fits, from - this.#writtenUntil);
    this.#rightUntil = from + fits.length;
  }

  #write(length: number): void {
    const [left, right] = [this.#left.slice(0, length), this.#right.slice(0, length)];
    for (const channel of [this.#left, this.#right]) {
      channel.copyWithin(0, length);
      channel.fill(0, channel.length - length);
    }
    this.#writtenUntil += length;
    this.#unwritten += length;
    if (this.#unwritten > MOST_UNWRITTEN) {
      this.#fail(new Error('The disk is too slow'));
      return;
    }
    this.#options.writer.write(left, right).then(
      () => {
        this.#unwritten -= length;
      },
      (error) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onFailed(error);
    // The header of what there is, if the disk takes that.
    this.#options.writer.close().catch(() => undefined);
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
