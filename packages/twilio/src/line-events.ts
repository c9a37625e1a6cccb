import { durationMs } from '@earshot/audio';
import type { LineEvent } from '@earshot/conversation';

const END = { done: true, value: undefined } as const;

/**
 * What happens on a line, waiting for its one consumer. Caller audio is bounded: beyond the limit
 * the oldest is dropped. Other events are kept, and the newest `heard` stands for those before it.
 */
export class LineEvents {
  readonly #limitMs: number;
  readonly #dropped: (ms: number) => void;
  readonly #events: LineEvent[] = [];
  #audioMs = 0;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(limitMs: number, dropped: (ms: number) => void) {
    this.#limitMs = limitMs;
    this.#dropped = dropped;
  }

  push(event: LineEvent): void {
    if (this.#ended) return;
    if (event.type === 'audio') this.#audioMs += durationMs(event.frame);
    if (event.type === 'heard' && this.#events.at(-1)?.type === 'heard') this.#events.pop();
    this.#events.push(event);
    if (this.#audioMs > this.#limitMs) this.#dropOldest();
    this.#wake?.();
  }

  /** What waits is still delivered, and then the events end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** By hand, and no generator: of those each event costs three promises, fifty times a second a call. */
  until(signal: AbortSignal): AsyncIterableIterator<LineEvent> {
    const wake = () => this.#wake?.();
    const finish = () => {
      signal.removeEventListener('abort', wake);
      return END;
    };
    const take = (): IteratorResult<LineEvent, undefined> | null => {
      if (signal.aborted) return finish();
      const value = this.#take();
      if (value) return { done: false, value };
      return this.#ended ? finish() : null;
    };
    signal.addEventListener('abort', wake);
    return {
      next: () => {
        const result = take();
        return result ? Promise.resolve(result) : this.#until(take);
      },
      return: () => Promise.resolve(finish()),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #until<T>(take: () => T | null): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    this.#wake = () => {
      const taken = take();
      if (taken === null) return;
      this.#wake = null;
      resolve(taken);
    };
    return promise;
  }

  #take(): LineEvent | undefined {
    const event = this.#events.shift();
    if (event?.type === 'audio') this.#audioMs -= durationMs(event.frame);
    return event;
  }

  #dropOldest(): void {
    while (this.#audioMs > this.#limitMs) {
      const oldest = this.#events.findIndex(({ type }) => type === 'audio');
      const [event] = this.#events.splice(oldest, 1);
      if (event?.type !== 'audio') return;
      const ms = durationMs(event.frame);
      this.#audioMs -= ms;
      this.#dropped(ms);
    }
  }
}
