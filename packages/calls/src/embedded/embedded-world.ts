import { type CallProgress, merge } from '../progress.ts';
import type { CallReport } from '../report.ts';
import type { CallActivities, World } from '../world.ts';
import type { Clock } from './clock.ts';

/**
 * One call's world in this process. Once stopped, nothing that its script waits for ever comes, so
 * that it stays where it is and ends nothing.
 */
export class EmbeddedWorld implements World {
  readonly activities: CallActivities;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  readonly #alarms = new Set<() => void>();
  #stopped = false;
  #progress: CallProgress;

  constructor(activities: CallActivities, progress: CallProgress, clock: Clock) {
    this.activities = activities;
    this.#progress = progress;
    this.#clock = clock;
  }

  get progress(): CallProgress {
    return this.#progress;
  }

  now(): number {
    return this.#clock.now();
  }

  learn(report: CallReport): void {
    this.#progress = merge(this.#progress, report);
    for (const look of [...this.#waiting]) look();
  }

  until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    if (this.#stopped) return new Promise(() => {});
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (holds: boolean) => {
        this.#waiting.delete(look);
        this.#alarms.delete(callOff);
        callOff();
        resolve(holds);
      };
      const look = () => {
        if (condition()) finish(true);
      };
      const callOff = this.#clock.after(timeoutMs, () => finish(condition()));
      this.#waiting.add(look);
      this.#alarms.add(callOff);
    });
  }

  uncancellable<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  isCancellation(): boolean {
    return false;
  }

  stop(): void {
    this.#stopped = true;
    for (const callOff of this.#alarms) callOff();
    this.#alarms.clear();
    this.#waiting.clear();
  }
}
