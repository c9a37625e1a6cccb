import type { Clock } from '../embedded/clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly action: () => void;
}

/** Time that passes only when it is told to, from one alarm to the next. */
export class VirtualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 5, 9);
  readonly #alarms: Alarm[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const alarm = { atMs: this.#nowMs + Math.max(0, delayMs), action };
    const place = this.#alarms.findIndex(({ atMs }) => atMs > alarm.atMs);
    this.#alarms.splice(place < 0 ? this.#alarms.length : place, 0, alarm);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index >= 0) this.#alarms.splice(index, 1);
    };
  }

  /** Lets time pass until the condition holds; throws when nothing is left that could make it true. */
  async until(condition: () => boolean | Promise<boolean>, limitMs = 86_400_000): Promise<void> {
    const endMs = this.#nowMs + limitMs;
    for (;;) {
      await settled();
      if (await condition()) return;
      const [next] = this.#alarms;
      if (!next || next.atMs > endMs) throw new Error('It never came to that');
      this.#alarms.shift();
      this.#nowMs = next.atMs;
      next.action();
    }
  }

  /** Lets so much time pass, and all that is due in it happen. */
  async pass(delayMs: number): Promise<void> {
    let over = false;
    this.after(delayMs, () => {
      over = true;
    });
    await this.until(() => over);
    await settled();
  }
}

/** All promises that can settle without time passing have. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
