import { type FilterCore, type FilterState, outputCount } from './filter-core.ts';
import { COARSE_BITS, FINE_BITS, type FilterBank } from './kernel.ts';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';

/** The filter in plain TypeScript: the oracle of the wasm, and in its place where SIMD is missing. */
export const typescriptCore: FilterCore = {
  resample,
  decode: (bank, state, codes) => resample(bank, state, decodeMulaw(codes)),
  encode: (bank, state, samples) => encodeMulaw(resample(bank, state, samples)),
};

function resample(bank: FilterBank, state: FilterState, samples: Int16Array): Int16Array {
  const { phases, step, taps } = bank;
  const window = new Int16Array(taps - 1 + samples.length);
  window.set(state.history);
  window.set(samples, taps - 1);
  const output = new Int16Array(outputCount(bank, state.position, samples.length));
  let position = state.position;
  for (let i = 0; i < output.length; i++) {
    const start = Math.floor(position / phases);
    output[i] = product(bank, window, start, position - start * phases);
    position += step;
  }
  state.position = position - samples.length * phases;
  state.history.set(window.subarray(samples.length));
  return output;
}

// All sums are exact integers below 2^53, so that their order does not matter.
function product(bank: FilterBank, window: Int16Array, start: number, phase: number): number {
  const { taps, coefficients } = bank;
  let coarse = 0;
  let fine = 0;
  let at = phase * taps * 2;
  for (let tap = start; tap < start + taps; at += 8) {
    for (const end = tap + 8; tap < end; tap++, at++) {
      const sample = window[tap] ?? 0;
      coarse += sample * (coefficients[at] ?? 0);
      fine += sample * (coefficients[at + 8] ?? 0);
    }
  }
  const sum = coarse * 2 ** (FINE_BITS - COARSE_BITS) + fine;
  const rounded = Math.floor(sum / 2 ** FINE_BITS + 0.5);
  return Math.max(-32_768, Math.min(32_767, rounded));
}
