import { setImmediate } from 'node:timers/promises';
import { type Clock, FRAME_MS } from './frame-clock.ts';

/** A clock for tests: time passes only when it is told to. */
export class ManualClock implements Clock {
  readonly #ticks = new Set<() => void>();
  #nowMs = 0;

  get joined(): number {
    return this.#ticks.size;
  }

  now(): number {
    return this.#nowMs;
  }

  join(tick: () => void): Disposable {
    this.#ticks.add(tick);
    return { [Symbol.dispose]: () => this.#ticks.delete(tick) };
  }

  /** Lets frames of 20 ms pass at once. */
  pass(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      for (const tick of [...this.#ticks]) tick();
      this.#nowMs += FRAME_MS;
    }
  }

  /** Lets frames pass, and sockets work in between, until `promise` settles. */
  async passUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    while (!settled) {
      this.pass(1);
      await setImmediate();
    }
    return promise;
  }
}
