/**
 * In samples of the lower of two rates: what the filter looks ahead, and so its delay, and how far it
 * looks behind. A kernel that is not the same both ways has half the delay of one that is.
 */
const AHEAD = 9.5;
const BEHIND = 29.5;

/**
 * Cosine series of the low-pass, found by `design-kernel.ts`. In units of the lower rate's half, as
 * at 8 kHz: flat to ±0.1 dB up to 3,360 Hz, -0.5 dB at 3,400 Hz, below -87 dB from 4,000 Hz on; between
 * 300 and 3,400 Hz no frequency is more than 0.03 ms early or late.
 */
const TERMS = [
  0.0253787407, 0.0364682936, -0.0009335842, -0.0355058082, -0.0517299888, -0.0386282005,
  -0.0068040697, 0.0298266778, 0.0500129422, 0.0435494125, 0.0115702809, -0.027345217,
  -0.0499758034, -0.0434479506, -0.011540143, 0.0252153632, 0.0493262726, 0.0460708124,
  0.0200912721, -0.0187343749, -0.0458624903, -0.0487067303, -0.0205676523, 0.0181048672,
  0.0473422925, 0.0478673112, 0.0239842497, -0.0127584467, -0.042176747, -0.0509338868,
  -0.0325657148, 0.0056923818, 0.0433837541, 0.0431066712, -0.007684847, -0.0222460653,
  -0.0013567819, 0.0024087439, 0.0001060709, -0.0000019405, -9.207e-7, -0.0000016363, 4.605e-7,
  -0.0000011556, 0.0000012047, 5.2e-8, 0.0000012022, 8.26e-7,
];

/** Impulse response at a time in samples of the lower rate. */
function kernel(time: number): number {
  if (time <= -AHEAD || time >= BEHIND) return 0;
  const cosine = Math.cos((Math.PI * (time + AHEAD)) / (AHEAD + BEHIND));
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
  const lookAhead = Math.ceil(AHEAD / spacing + (phases - 1) / phases) - 1;
  const taps = 8 * Math.ceil((lookAhead + Math.ceil(BEHIND / spacing)) / 8);
  const coefficients = new Int16Array(phases * taps * 2);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const age = phase / phases + taps - 1 - tap - lookAhead;
      const exact = Math.round(spacing * kernel(age * spacing) * 2 ** FINE_BITS);
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
