/** In samples of the lower of two rates: what the filter looks ahead, and so its delay. */
const HALF_LENGTH = 19.5;

/**
 * Cosine series of the low-pass, found by `design-kernel.ts`. In units of the lower rate's half, as
 * at 8 kHz: flat to ±0.17 dB up to 3,360 Hz, -0.6 dB at 3,400 Hz, below -82 dB from 4,000 Hz on.
 */
const TERMS = [
  0.0258799044, 0.0521918966, 0.0503164004, 0.0521600549, 0.0505508298, 0.0518303281, 0.0509414913,
  0.0513969527, 0.0514087317, 0.050903665, 0.0518984056, 0.050473013, 0.0522172756, 0.0502951822,
  0.0522525713, 0.0503431177, 0.0522560473, 0.0381697111, 0.0104996662, 0.0004559663, 0.0000036756,
  -5.596e-7, -0.0000024528, 0.0000032185,
];

/** Impulse response at a time in samples of the lower rate. */
function kernel(time: number): number {
  if (Math.abs(time) >= HALF_LENGTH) return 0;
  const cosine = Math.cos((Math.PI * time) / HALF_LENGTH);
  // Clenshaw's recurrence: one cosine serves all terms.
  let [sum, before] = [0, 0];
  for (let k = TERMS.length - 1; k > 0; k--) {
    [sum, before] = [(TERMS[k] ?? 0) + 2 * cosine * sum - before, sum];
  }
  return (TERMS[0] ?? 0) + cosine * sum - before;
}

/** Integer parts of a coefficient: `coarse` / 2^14 + `fine` / 2^22. Fits SIMD's 16-bit products. */
export const COARSE_BITS = 14;
export const FINE_BITS = 22;

/** The filter between two rates: one row of coefficients for each phase of the output. */
export interface FilterBank {
  /** Output times are counted in 1/phases of an input sample; `step` of them apart. */
  readonly phases: number;
  readonly step: number;
  /** Coefficients in a row, a multiple of 8. */
  readonly taps: number;
  /** Input samples needed beyond the time of an output: the delay. */
  readonly lookAhead: number;
  /** Row after row, oldest sample first: 8 coarse parts, their 8 fine parts, the next 8 ... */
  readonly coefficients: Int16Array;
}

const banks = new Map<string, FilterBank>();

/** The bank of a pair of rates, made once and shared by all calls. */
export function filterBank(fromRate: number, toRate: number): FilterBank {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const [step, phases] = [fromRate / divisor, toRate / divisor];
  const key = `${step}:${phases}`;
  const bank = banks.get(key) ?? design(step, phases);
  banks.set(key, bank);
  return bank;
}

function design(step: number, phases: number): FilterBank {
  const spacing = Math.min(1, phases / step);
  const reach = HALF_LENGTH / spacing;
  const lookAhead = Math.ceil(reach + (phases - 1) / phases) - 1;
  const taps = 8 * Math.ceil((lookAhead + Math.ceil(reach)) / 8);
  const coefficients = new Int16Array(phases * taps * 2);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const offset = lookAhead - (taps - 1 - tap) - phase / phases;
      const exact = Math.round(spacing * kernel(offset * spacing) * 2 ** FINE_BITS);
      const coarse = Math.round(exact / 2 ** (FINE_BITS - COARSE_BITS));
      const at = (phase * taps + tap - (tap % 8)) * 2 + (tap % 8);
      coefficients[at] = coarse;
      coefficients[at + 8] = exact - coarse * 2 ** (FINE_BITS - COARSE_BITS);
    }
  }
  return { phases, step, taps, lookAhead, coefficients };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
