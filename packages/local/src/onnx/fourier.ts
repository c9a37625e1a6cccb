export interface ComplexSamples {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complexSamples = (length: number): ComplexSamples => ({
  re: new Float64Array(length),
  im: new Float64Array(length),
});

interface Stage {
  readonly radix: 4 | 5;
  readonly groups: number;
  readonly stride: number;
  /** For each group, one factor for each of its results. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** The discrete Fourier transform of one length, by Stockham's method. */
export class Fourier {
  readonly #stages: readonly Stage[];
  #spare: ComplexSamples;

  /** The length is the product of the factors. */
  constructor(factors: readonly (4 | 5)[]) {
    const length = factors.reduce((product: number, factor) => product * factor, 1);
    let stride = 1;
    this.#stages = factors.map((radix) => {
      const stage = planStage(length, radix, stride);
      stride *= radix;
      return stage;
    });
    this.#spare = complexSamples(length);
  }

  /** Uses `input` as working space. The result is valid until the next transform. */
  transform(input: ComplexSamples): ComplexSamples {
    let from = input;
    let to = this.#spare;
    for (const stage of this.#stages) {
      if (stage.radix === 4) runFours(stage, from, to);
      else runFives(stage, from, to);
      const used = from;
      from = to;
      to = used;
    }
    this.#spare = to;
    return from;
  }
}

function planStage(length: number, radix: 4 | 5, stride: number): Stage {
  const groups = length / (radix * stride);
  const turns = Array.from({ length: groups * radix }, (_, i) => {
    const [group, result] = [Math.floor(i / radix), i % radix];
    return (2 * Math.PI * result * group * stride) / length;
  });
  const cos = Float64Array.from(turns, Math.cos);
  const sin = Float64Array.from(turns, (turn) => -Math.sin(turn));
  return { radix, groups, stride, cos, sin };
}

/**
 * Each stage writes its results in the order in which the next one reads them. Plain variables, not
 * tuples or loops over the radix: this is where the time goes.
 */
function runFours(stage: Stage, from: ComplexSamples, to: ComplexSamples): void {
  const { groups, stride, cos, sin } = stage;
  const { re: fromRe, im: fromIm } = from;
  const hop = stride * groups;
  for (let group = 0; group < groups; group++) {
    for (let q = 0; q < stride; q++) {
      const at = stride * group + q;
      const aRe = (fromRe[at] ?? 0) + (fromRe[at + 2 * hop] ?? 0);
      const aIm = (fromIm[at] ?? 0) + (fromIm[at + 2 * hop] ?? 0);
      const bRe = (fromRe[at] ?? 0) - (fromRe[at + 2 * hop] ?? 0);
      const bIm = (fromIm[at] ?? 0) - (fromIm[at + 2 * hop] ?? 0);
      const cRe = (fromRe[at + hop] ?? 0) + (fromRe[at + 3 * hop] ?? 0);
      const cIm = (fromIm[at + hop] ?? 0) + (fromIm[at + 3 * hop] ?? 0);
      const dRe = (fromIm[at + hop] ?? 0) - (fromIm[at + 3 * hop] ?? 0);
      const dIm = (fromRe[at + 3 * hop] ?? 0) - (fromRe[at + hop] ?? 0);
      const row = group * 4;
      put(to, row * stride + q, aRe + cRe, aIm + cIm, cos[row] ?? 0, sin[row] ?? 0);
      put(to, (row + 1) * stride + q, bRe + dRe, bIm + dIm, cos[row + 1] ?? 0, sin[row + 1] ?? 0);
      put(to, (row + 2) * stride + q, aRe - cRe, aIm - cIm, cos[row + 2] ?? 0, sin[row + 2] ?? 0);
      put(to, (row + 3) * stride + q, bRe - dRe, bIm - dIm, cos[row + 3] ?? 0, sin[row + 3] ?? 0);
    }
  }
}

const COS_1 = Math.cos((2 * Math.PI) / 5);
const SIN_1 = Math.sin((2 * Math.PI) / 5);
const COS_2 = Math.cos((4 * Math.PI) / 5);
const SIN_2 = Math.sin((4 * Math.PI) / 5);

function runFives(stage: Stage, from: ComplexSamples, to: ComplexSamples): void {
  const { groups, stride, cos, sin } = stage;
  const { re: fromRe, im: fromIm } = from;
  const hop = stride * groups;
  for (let group = 0; group < groups; group++) {
    for (let q = 0; q < stride; q++) {
      const at = stride * group + q;
      const re = fromRe[at] ?? 0;
      const im = fromIm[at] ?? 0;
      // Inputs 1 and 4, and 2 and 3, meet with the same cosine and opposite sines.
      const outerRe = (fromRe[at + hop] ?? 0) + (fromRe[at + 4 * hop] ?? 0);
      const outerIm = (fromIm[at + hop] ?? 0) + (fromIm[at + 4 * hop] ?? 0);
      const outerDifRe = (fromRe[at + hop] ?? 0) - (fromRe[at + 4 * hop] ?? 0);
      const outerDifIm = (fromIm[at + hop] ?? 0) - (fromIm[at + 4 * hop] ?? 0);
      const innerRe = (fromRe[at + 2 * hop] ?? 0) + (fromRe[at + 3 * hop] ?? 0);
      const innerIm = (fromIm[at + 2 * hop] ?? 0) + (fromIm[at + 3 * hop] ?? 0);
      const innerDifRe = (fromRe[at + 2 * hop] ?? 0) - (fromRe[at + 3 * hop] ?? 0);
      const innerDifIm = (fromIm[at + 2 * hop] ?? 0) - (fromIm[at + 3 * hop] ?? 0);
      const aRe = re + COS_1 * outerRe + COS_2 * innerRe;
      const aIm = im + COS_1 * outerIm + COS_2 * innerIm;
      const bRe = re + COS_2 * outerRe + COS_1 * innerRe;
      const bIm = im + COS_2 * outerIm + COS_1 * innerIm;
      const cRe = SIN_1 * outerDifIm + SIN_2 * innerDifIm;
      const cIm = -SIN_1 * outerDifRe - SIN_2 * innerDifRe;
      const dRe = SIN_2 * outerDifIm - SIN_1 * innerDifIm;
      const dIm = -SIN_2 * outerDifRe + SIN_1 * innerDifRe;
      const row = group * 5;
      const out = row * stride + q;
      put(to, out, re + outerRe + innerRe, im + outerIm + innerIm, cos[row] ?? 0, sin[row] ?? 0);
      put(to, out + stride, aRe + cRe, aIm + cIm, cos[row + 1] ?? 0, sin[row + 1] ?? 0);
      put(to, out + 2 * stride, bRe + dRe, bIm + dIm, cos[row + 2] ?? 0, sin[row + 2] ?? 0);
      put(to, out + 3 * stride, bRe - dRe, bIm - dIm, cos[row + 3] ?? 0, sin[row + 3] ?? 0);
      put(to, out + 4 * stride, aRe - cRe, aIm - cIm, cos[row + 4] ?? 0, sin[row + 4] ?? 0);
    }
  }
}

/** Turned by the factor `cos + i sin`. */
function put(
  { re: toRe, im: toIm }: ComplexSamples,
  at: number,
  re: number,
  im: number,
  cos: number,
  sin: number,
): void {
  toRe[at] = re * cos - im * sin;
  toIm[at] = re * sin + im * cos;
}
