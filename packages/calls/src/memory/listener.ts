import type { LiveEvent } from '../session-store.ts';

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Events that wait for one reader, the newest `most` of them. It ends when its signal does. */
export class Listener implements AsyncIterableIterator<LiveEvent, undefined> {
  readonly #most: number;
  readonly #signal: AbortSignal;
  readonly #left: () => void;
  readonly #waiting: LiveEvent[] = [];
  readonly #readers: ((result: IteratorResult<LiveEvent, undefined>) => void)[] = [];
  #ended = false;

  /** `left` is called once when nobody listens here any more. */
  constructor(most: number, signal: AbortSignal, left: () => void) {
    this.#most = most;
    this.#signal = signal;
    this.#left = left;
    if (signal.aborted) this.#ended = true;
    else signal.addEventListener('abort', this.#end, { once: true });
  }

  /** False when the oldest had to go for it. */
  push(event: LiveEvent): boolean {
    if (this.#ended) return true;
    const reader = this.#readers.shift();
    if (reader) reader({ done: false, value: event });
    else this.#waiting.push(event);
    if (this.#waiting.length <= this.#most) return true;
    this.#waiting.shift();
    return false;
  }

  async next(): Promise<IteratorResult<LiveEvent, undefined>> {
    const value = this.#waiting.shift();
    if (value) return { done: false, value };
    if (this.#ended) return DONE;
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#end();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.length = 0;
    this.#signal.removeEventListener('abort', this.#end);
    for (const reader of this.#readers.splice(0)) reader(DONE);
    this.#left();
  };
}
