/** Half the length of the filter in samples of the lower rate. */
const HALF_LENGTH = 20;
/** Its delay where the lower rate is 8 kHz. */
export const PLAIN_FILTER_MS = HALF_LENGTH / 8;

/** A streaming resampler as one writes it down: a windowed sinc, worked out for each phase. */
export class PlainFilter {
  readonly #rows: readonly (readonly number[])[];
  readonly #ratio: number;
  readonly #reach: number;
  #samples: number[] = [];
  #start = 0;
  #count = 0;

  constructor(from: number, to: number) {
    const scale = Math.min(1, to / from);
    this.#ratio = from / to;
    this.#reach = Math.ceil(HALF_LENGTH / scale);
    const phases = Array.from({ length: Math.max(1, Math.round(to / from)) }, (_, k) => k);
    this.#rows = phases.map((phase) =>
      Array.from({ length: 2 * this.#reach }, (_, tap) => {
        const time = (tap - this.#reach + 1 - ((phase * this.#ratio) % 1)) * scale;
        return scale * sinc(time * 0.9) * 0.9 * window(time / HALF_LENGTH);
      }),
    );
    this.#samples = new Array(this.#reach - 1).fill(0);
    this.#start = 1 - this.#reach;
  }

  process(samples: Int16Array): Int16Array {
    this.#samples.push(...samples);
    const output: number[] = [];
    for (;;) {
      const at = Math.floor(this.#count * this.#ratio);
      const first = at - this.#reach + 1 - this.#start;
      const row = this.#rows[this.#count % this.#rows.length] ?? [];
      if (first + row.length > this.#samples.length) break;
      const sum = row.reduce(
        (total, weight, tap) => total + weight * (this.#samples[first + tap] ?? 0),
        0,
      );
      output.push(Math.max(-32_768, Math.min(32_767, Math.round(sum))));
      this.#count++;
    }
    const done = Math.floor(this.#count * this.#ratio) - this.#reach + 1 - this.#start;
    this.#samples = this.#samples.slice(done);
    this.#start += done;
    return Int16Array.from(output);
  }
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const window = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
