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
    let from = input;
    let to = this.#spare;
    for (const stage of this.#stages) {
      run(stage, from, to);
      const used = from;
      from = to;
      to = used;
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

/**
 * Each stage writes its results in the order in which the next one reads them. Plain variables, not
 * tuples: this is where the time goes.
 */
function run(
  { radix, groups, stride, cos, sin }: Stage,
  from: ComplexSamples,
  to: ComplexSamples,
): void {
  const { re: fromRe, im: fromIm } = from;
  const { re: toRe, im: toIm } = to;
  const hop = stride * groups;
  for (let group = 0; group < groups; group++) {
    for (let result = 0; result < radix; result++) {
      const row = group * radix + result;
      for (let q = 0; q < stride; q++) {
        let re = 0;
        let im = 0;
        for (let k = 0; k < radix; k++) {
          const c = cos[row * radix + k] ?? 0;
          const s = sin[row * radix + k] ?? 0;
          const a = fromRe[stride * group + q + hop * k] ?? 0;
          const b = fromIm[stride * group + q + hop * k] ?? 0;
          re += a * c - b * s;
          im += a * s + b * c;
        }
        toRe[row * stride + q] = re;
        toIm[row * stride + q] = im;
      }
    }
  }
}
