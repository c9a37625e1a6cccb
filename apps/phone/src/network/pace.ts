import type { Clock } from '../carrier/frame-clock.ts';
import { pause } from '../carrier/pass-time.ts';

/** How time passes outside conversations: rings, queues, detection. All of it on the calls' clock. */
export class Pace {
  readonly #clock: Clock;
  readonly #speed: number;

  /** With a `speed` of 10, a ring of 6 s takes 0.6 s. */
  constructor(clock: Clock, speed = 1) {
    this.#clock = clock;
    this.#speed = speed;
  }

  now(): number {
    return this.#clock.now() * this.#speed;
  }

  /** Resolves early, and without complaint, when `signal` aborts. */
  pass(ms: number, signal: AbortSignal): Promise<void> {
    return pause(this.#clock, ms / this.#speed, signal);
  }
}
