import { Filter } from './filter.ts';
import type { FilterCore } from './filter-core.ts';

/**
 * Converts a stream of samples from one rate to another, in runs of any length. The output is
 * aligned with the input: sample k of it belongs to the time of sample k × fromRate / toRate.
 * What is above half the lower rate is at -80 dB, and flat is what is below 84 % of that.
 */
export class Resampler {
  readonly #filter: Filter | null;

  /** Rates are whole samples a second from 4,000 to 192,000; throws a RangeError for others. */
  constructor(fromRate: number, toRate: number, core?: FilterCore) {
    this.#filter = Filter.between(fromRate, toRate, core);
  }

  /** How much later than its input an output can be had. */
  get delayMs(): number {
    return this.#filter?.delayMs ?? 0;
  }

  /** The outputs that these samples complete. */
  process(samples: Int16Array): Int16Array {
    return this.#filter?.resample(samples) ?? samples.slice();
  }

  /** The end of the stream: the outputs held back. What follows is a new stream. */
  flush(): Int16Array {
    if (!this.#filter) return new Int16Array();
    const rest = this.#filter.resample(this.#filter.silence());
    this.reset();
    return rest;
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#filter?.reset();
  }
}
