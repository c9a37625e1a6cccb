import type { DialTurns } from './call-activities.ts';
import { CallError } from './call-error.ts';
import type { Clock } from './embedded/clock.ts';

export interface DialQueueOptions {
  readonly clock: Clock;
  /** What the carrier takes: of Twilio's accounts 1 unless they were told otherwise. */
  readonly callsPerSecond?: number;
  /** Of more that wait, the next is refused. */
  readonly mostWaiting?: number;
}

/**
 * Lets calls be dialled one after the other, no faster than the carrier takes them: who came first
 * goes first. Of this process alone: several instances share what the carrier takes.
 */
export class DialQueue implements DialTurns {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #mostWaiting: number;
  /** What lets each go. */
  readonly #waiting: (() => void)[] = [];
  #nextAtMs = 0;
  #callOff: (() => void) | null = null;

  constructor({ clock, callsPerSecond = 1, mostWaiting = 100 }: DialQueueOptions) {
    if (!(callsPerSecond > 0)) throw new RangeError('Calls per second are above 0');
    this.#clock = clock;
    this.#gapMs = 1000 / callsPerSecond;
    this.#mostWaiting = mostWaiting;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the next call may be dialled; rejects with `queue-full` or the signal's reason. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length >= this.#mostWaiting)
      throw new CallError('queue-full', 'Too many calls wait to be dialled');
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        this.#arrange();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
      this.#arrange();
    });
  }

  /** Lets the next go if it may, and keeps one alarm as long as anybody waits. */
  #arrange(): void {
    this.#callOff?.();
    this.#callOff = null;
    if (this.#waiting.length === 0) return;
    const nowMs = this.#clock.now();
    // After the clock was set back nobody waits longer than the gap.
    this.#nextAtMs = Math.min(this.#nextAtMs, nowMs + this.#gapMs);
    if (this.#nextAtMs <= nowMs) {
      this.#nextAtMs = nowMs + this.#gapMs;
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0)
      this.#callOff = this.#clock.after(this.#nextAtMs - nowMs, () => this.#arrange());
  }
}
