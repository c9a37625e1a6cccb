import { core as bestCore } from './core.ts';
import { type FilterCore, type FilterState, initialState, MAX_BLOCK } from './filter-core.ts';
import { type FilterBank, filterBank } from './kernel.ts';

const LOWEST_RATE = 4000;
const HIGHEST_RATE = 192_000;

/** One stream through a shared filter bank: all that a call keeps is its newest samples. */
export class Filter {
  /** How much later than its input an output can be had. */
  readonly delayMs: number;
  readonly #bank: FilterBank;
  readonly #core: FilterCore;
  #state: FilterState;

  private constructor(fromRate: number, toRate: number, core: FilterCore) {
    this.#bank = filterBank(fromRate, toRate);
    this.delayMs = (this.#bank.lookAhead * 1000) / fromRate;
    this.#core = core;
    this.#state = initialState(this.#bank);
  }

  /** Null if there is nothing to filter. Throws a RangeError for what is no rate. */
  static between(fromRate: number, toRate: number, core = bestCore): Filter | null {
    checkRate(fromRate);
    checkRate(toRate);
    return fromRate === toRate ? null : new Filter(fromRate, toRate, core);
  }

  resample(samples: Int16Array): Int16Array {
    if (samples.length <= MAX_BLOCK) return this.#core.resample(this.#bank, this.#state, samples);
    const parts = blocks(samples.length).map((from) => this.resample(block(samples, from)));
    return join(parts, new Int16Array(totalLength(parts)));
  }

  decode(codes: Uint8Array): Int16Array {
    if (codes.length <= MAX_BLOCK) return this.#core.decode(this.#bank, this.#state, codes);
    const parts = blocks(codes.length).map((from) => this.decode(block(codes, from)));
    return join(parts, new Int16Array(totalLength(parts)));
  }

  encode(samples: Int16Array): Uint8Array {
    if (samples.length <= MAX_BLOCK) return this.#core.encode(this.#bank, this.#state, samples);
    const parts = blocks(samples.length).map((from) => this.encode(block(samples, from)));
    return join(parts, new Uint8Array(totalLength(parts)));
  }

  /** The silence that brings out what is held back. */
  silence(): Int16Array {
    return new Int16Array(this.#bank.lookAhead);
  }

  reset(): void {
    this.#state = initialState(this.#bank);
  }
}

function checkRate(rate: number): void {
  if (!Number.isInteger(rate) || rate < LOWEST_RATE || rate > HIGHEST_RATE) {
    throw new RangeError(`Not a sample rate from ${LOWEST_RATE} to ${HIGHEST_RATE}: ${rate}`);
  }
}

function blocks(length: number): number[] {
  return Array.from({ length: Math.ceil(length / MAX_BLOCK) }, (_, i) => i * MAX_BLOCK);
}

function block<T extends Int16Array | Uint8Array>(run: T, from: number): T {
  return run.subarray(from, from + MAX_BLOCK) as T;
}

function totalLength(parts: readonly ArrayLike<number>[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function join<T extends Int16Array | Uint8Array>(parts: readonly T[], whole: T): T {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
