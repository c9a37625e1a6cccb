import { core as bestCore } from './core.ts';
import { type FilterCore, type FilterState, initialState } from './filter-core.ts';
import { type FilterBank, filterBank } from './kernel.ts';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';
import { checkRate, inBlocks } from './resampler.ts';

const PHONE_RATE = 8000;

/** Phone codes to samples at any rate: codec and resampler in one pass. */
export class MulawDecoder {
  readonly #bank: FilterBank | null;
  readonly #core: FilterCore;
  #state: FilterState | null;

  /** Throws a RangeError for a rate that is none. */
  constructor(toRate: number, core: FilterCore = bestCore) {
    checkRate(toRate);
    this.#bank = toRate === PHONE_RATE ? null : filterBank(PHONE_RATE, toRate);
    this.#core = core;
    this.#state = this.#bank && initialState(this.#bank);
  }

  process(codes: Uint8Array): Int16Array {
    const [bank, state] = [this.#bank, this.#state];
    if (!bank || !state) return decodeMulaw(codes);
    return inBlocks(codes, (block) => this.#core.decode(bank, state, block), Int16Array);
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#state = this.#bank && initialState(this.#bank);
  }
}

/** Samples at any rate to phone codes: resampler and codec in one pass. */
export class MulawEncoder {
  readonly #bank: FilterBank | null;
  readonly #core: FilterCore;
  #state: FilterState | null;

  /** Throws a RangeError for a rate that is none. */
  constructor(fromRate: number, core: FilterCore = bestCore) {
    checkRate(fromRate);
    this.#bank = fromRate === PHONE_RATE ? null : filterBank(fromRate, PHONE_RATE);
    this.#core = core;
    this.#state = this.#bank && initialState(this.#bank);
  }

  process(samples: Int16Array): Uint8Array {
    const [bank, state] = [this.#bank, this.#state];
    if (!bank || !state) return encodeMulaw(samples);
    return inBlocks(samples, (block) => this.#core.encode(bank, state, block), Uint8Array);
  }

  /** The end of the stream: what was held back. Begins a new stream. */
  flush(): Uint8Array {
    const rest = this.process(new Int16Array(this.#bank?.lookAhead ?? 0));
    this.reset();
    return rest;
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#state = this.#bank && initialState(this.#bank);
  }
}
