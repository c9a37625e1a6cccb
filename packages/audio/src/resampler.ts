import { core as bestCore } from './core.ts';
import { type FilterCore, type FilterState, initialState, MAX_BLOCK } from './filter-core.ts';
import { type FilterBank, filterBank } from './kernel.ts';

/**
 * Converts a stream of samples from one rate to another, in blocks of any size. The output is
 * aligned with the input: sample k of it belongs to the time of sample k × fromRate / toRate.
 */
export class Resampler {
  readonly #fromRate: number;
  readonly #bank: FilterBank | null;
  readonly #core: FilterCore;
  #state: FilterState | null;

  /** Rates are whole samples a second from 4,000 to 192,000; throws a RangeError for others. */
  constructor(fromRate: number, toRate: number, core: FilterCore = bestCore) {
    for (const rate of [fromRate, toRate]) checkRate(rate);
    this.#fromRate = fromRate;
    this.#bank = fromRate === toRate ? null : filterBank(fromRate, toRate);
    this.#core = core;
    this.#state = this.#bank && initialState(this.#bank);
  }

  /** How much later than its input an output can be had. */
  get delayMs(): number {
    return this.#bank ? (this.#bank.lookAhead * 1000) / this.#fromRate : 0;
  }

  /** What the samples so far complete. */
  process(samples: Int16Array): Int16Array {
    const [bank, state] = [this.#bank, this.#state];
    if (!bank || !state) return samples.slice();
    return inBlocks(samples, (block) => this.#core.resample(bank, state, block), Int16Array);
  }

  /** The end of the stream: what was held back. Begins a new stream. */
  flush(): Int16Array {
    const rest = this.process(new Int16Array(this.#bank?.lookAhead ?? 0));
    this.reset();
    return rest;
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#state = this.#bank && initialState(this.#bank);
  }
}

export function checkRate(rate: number): void {
  if (!Number.isInteger(rate) || rate < 4000 || rate > 192_000) {
    throw new RangeError(`No sample rate: ${rate}`);
  }
}

/** Runs work on blocks of the input that a core can take, and joins what comes out. */
export function inBlocks<In extends Samples, Out extends Samples>(
  input: In,
  work: (block: In) => Out,
  Output: new (length: number) => Out,
): Out {
  if (input.length <= MAX_BLOCK) return work(input);
  const parts: Out[] = [];
  for (let at = 0; at < input.length; at += MAX_BLOCK) {
    parts.push(work(input.subarray(at, at + MAX_BLOCK) as In));
  }
  const output = new Output(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    output.set(part, at);
    at += part.length;
  }
  return output;
}

type Samples = Int16Array | Uint8Array;
