import type { FilterBank } from './kernel.ts';

/** What one direction of one call remembers. */
export interface FilterState {
  /** The newest `taps - 1` samples of the input. */
  readonly history: Int16Array;
  /** Where the newest sample needed by the next output lies beyond the history, in 1/phases samples. */
  position: number;
}

/** The inner loops. The wasm and the TypeScript one agree bit for bit. */
export interface FilterCore {
  /** Filters a block of at most `MAX_BLOCK` samples. */
  resample(bank: FilterBank, state: FilterState, samples: Int16Array): Int16Array;
  /** The same from µ-law codes. */
  decode(bank: FilterBank, state: FilterState, codes: Uint8Array): Int16Array;
  /** The same to µ-law codes. */
  encode(bank: FilterBank, state: FilterState, samples: Int16Array): Uint8Array;
}

/** Input samples a core takes at once: a quarter of a second at 16 kHz. */
export const MAX_BLOCK = 4096;

export function initialState(bank: FilterBank): FilterState {
  return { history: new Int16Array(bank.taps - 1), position: bank.lookAhead * bank.phases };
}

/** How many outputs a block completes. */
export function outputCount({ phases, step }: FilterBank, position: number, count: number): number {
  return Math.max(0, Math.ceil((count * phases - position) / step));
}
