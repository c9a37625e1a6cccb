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

interface Waiting {
  readonly go: () => void;
}

/** The first wait after the carrier was too busy; each further one is twice as long. */
const BUSY_MS = 1000;
const MOST_TRIES = 5;

/** Lets calls be dialled one after the other, no faster than the carrier takes them: who came first goes first. */
export class DialQueue implements DialTurns {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #mostWaiting: number;
  readonly #waiting: Waiting[] = [];
  #nextAtMs = 0;
  /** The longest that the next may still have to wait, whatever the clock was set to. */
  #holdMs = 0;
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
    await this.#wait('last', signal);
  }

  /**
   * Does what dials, in its turn. When the carrier is too busy (`carrier-busy`, nothing rings) all
   * wait a while, and it is tried again before the others; any other failure is told at once.
   */
  async dial<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.turn(signal);
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!isBusy(error) || tries === MOST_TRIES) throw error;
        this.#hold(BUSY_MS * 2 ** (tries - 1));
        await this.#wait('first', signal);
      }
    }
  }

  #wait(place: 'first' | 'last', signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#arrange();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      if (place === 'first') this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      this.#arrange();
    });
  }

  #hold(ms: number): void {
    const nowMs = this.#clock.now();
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs + ms);
    this.#holdMs = this.#nextAtMs - nowMs;
    this.#callOff?.();
    this.#callOff = null;
    this.#arrange();
  }

  /** Lets the next go if it may, and sets the alarm for whoever is left. */
  #arrange(): void {
    if (this.#callOff && this.#waiting.length > 0) return;
    this.#callOff?.();
    this.#callOff = null;
    if (this.#waiting.length === 0) return;
    const nowMs = this.#clock.now();
    this.#nextAtMs = Math.min(this.#nextAtMs, nowMs + this.#holdMs);
    if (this.#nextAtMs <= nowMs) this.#letGo(nowMs);
    else this.#callOff = this.#clock.after(this.#nextAtMs - nowMs, () => this.#alarm());
  }

  #alarm(): void {
    this.#callOff = null;
    this.#arrange();
  }

  #letGo(nowMs: number): void {
    this.#nextAtMs = nowMs + this.#gapMs;
    this.#holdMs = this.#gapMs;
    this.#waiting.shift()?.go();
    this.#arrange();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof CallError && error.code === 'carrier-busy';
}
