import type { CallerTick } from './caller.ts';
import { randomFrom } from './random.ts';

/** How bad the way from the caller to the server is. */
export interface NetworkFaults {
  /** Share of the frames that are lost, 0 to 1, in bursts of `burstFrames`. */
  readonly loss: number;
  /** Share of the frames that are held back and come later in a burst. */
  readonly late: number;
  readonly burstFrames: number;
  readonly seed: number;
}

/** Decides what the network does to each frame, the same for the same seed. */
export class Network {
  readonly #faults: NetworkFaults;
  readonly #random: () => number;
  #fault: 'drop' | 'late' = 'drop';
  #left = 0;

  constructor(faults: NetworkFaults) {
    this.#faults = faults;
    this.#random = randomFrom(faults.seed);
  }

  next(): CallerTick['network'] {
    if (this.#left === 0) this.#draw();
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    return this.#fault;
  }

  // Bursts are drawn once for all their frames, so that the shares hold whatever the burst's length.
  #draw(): void {
    const { loss, late, burstFrames } = this.#faults;
    const drawn = this.#random() * (burstFrames * (1 - loss - late) + loss + late);
    if (drawn >= loss + late) return;
    this.#fault = drawn < loss ? 'drop' : 'late';
    this.#left = burstFrames;
  }
}
