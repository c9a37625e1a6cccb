import { durationMs } from '@earshot/audio';
import type { LineEvent } from '@earshot/conversation';

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
    this.#dropOldest();
    this.#wake?.();
  }

  /** What waits is still delivered, and then the events end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *until(signal: AbortSignal): AsyncGenerator<LineEvent> {
    const wake = () => this.#wake?.();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const event = this.#events.shift();
        if (event?.type === 'audio') this.#audioMs -= durationMs(event.frame);
        if (event) yield event;
        else if (this.#ended) return;
        else await this.#more();
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => {
      this.#wake = null;
      resolve();
    };
    return promise;
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
