export interface ComplexSamples {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complexSamples = (length: number): ComplexSamples => ({
  re: new Float64Array(length),
  im: new Float64Array(length),
});

interface Stage {
  readonly radix: number;
  readonly groups: number;
  readonly stride: number;
  /** For each group and each of its results, one factor for each of its inputs. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** The discrete Fourier transform of one length, by Stockham's method with any factors. */
export class Fourier {
  readonly #stages: readonly Stage[];
  #spare: ComplexSamples;

  /** `factors` are small numbers whose product is the length. */
  constructor(factors: readonly number[]) {
    const length = factors.reduce((product, factor) => product * factor);
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
    let [from, to] = [input, this.#spare];
    for (const stage of this.#stages) {
      run(stage, from, to);
      [from, to] = [to, from];
    }
    this.#spare = to;
    return from;
  }
}

function planStage(length: number, radix: number, stride: number): Stage {
  const groups = length / (radix * stride);
  const cos = new Float64Array(groups * radix * radix);
  const sin = new Float64Array(groups * radix * radix);
  for (let i = 0; i < cos.length; i++) {
    const [group, result, input] = [
      Math.floor(i / radix ** 2),
      Math.floor(i / radix) % radix,
      i % radix,
    ];
    const turns = (result * group * stride) / length + (result * input) / radix;
    cos[i] = Math.cos(2 * Math.PI * turns);
    sin[i] = -Math.sin(2 * Math.PI * turns);
  }
  return { radix, groups, stride, cos, sin };
}

/** Each stage writes its results in the order in which the next one reads them. */
function run(
  { radix, groups, stride, cos, sin }: Stage,
  from: ComplexSamples,
  to: ComplexSamples,
): void {
  const hop = stride * groups;
  for (let target = 0, factors = 0; target < radix * hop; target += stride, factors += radix) {
    const start = stride * Math.floor(factors / radix ** 2);
    for (let q = 0; q < stride; q++) {
      let [re, im] = [0, 0];
      for (let k = 0, at = start + q; k < radix; k++, at += hop) {
        const [c, s] = [cos[factors + k] ?? 0, sin[factors + k] ?? 0];
        const [a, b] = [from.re[at] ?? 0, from.im[at] ?? 0];
        re += a * c - b * s;
        im += a * s + b * c;
      }
      to.re[target + q] = re;
      to.im[target + q] = im;
    }
  }
}
