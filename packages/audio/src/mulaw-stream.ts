import { Filter } from './filter.ts';
import type { FilterCore } from './filter-core.ts';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';

const PHONE_RATE = 8000;

/** A stream of phone codes to samples of any rate: codec and resampler in one pass. */
export class MulawDecoder {
  readonly #filter: Filter | null;

  /** Rates as for `Resampler`. At 8,000 there is no filter and no delay. */
  constructor(toRate: number, core?: FilterCore) {
    this.#filter = Filter.between(PHONE_RATE, toRate, core);
  }

  /** The samples that these codes complete. */
  process(codes: Uint8Array): Int16Array {
    return this.#filter?.decode(codes) ?? decodeMulaw(codes);
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#filter?.reset();
  }
}

/** A stream of samples of any rate to phone codes: resampler and codec in one pass. */
export class MulawEncoder {
  readonly #filter: Filter | null;

  /** Rates as for `Resampler`. At 8,000 there is no filter and no delay. */
  constructor(fromRate: number, core?: FilterCore) {
    this.#filter = Filter.between(fromRate, PHONE_RATE, core);
  }

  /** The codes that these samples complete. */
  process(samples: Int16Array): Uint8Array {
    return this.#filter?.encode(samples) ?? encodeMulaw(samples);
  }

  /** The end of the stream: the codes held back. What follows is a new stream. */
  flush(): Uint8Array {
    if (!this.#filter) return new Uint8Array();
    const rest = this.#filter.encode(this.#filter.silence());
    this.reset();
    return rest;
  }

  /** Forgets the stream so far. */
  reset(): void {
    this.#filter?.reset();
  }
}
