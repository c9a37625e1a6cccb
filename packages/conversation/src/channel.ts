import { Notice } from './notice.ts';

/** A queue from one side to another for control events: they are few and never dropped. */
export class Channel<T> {
  readonly #items: T[] = [];
  readonly #notice = new Notice();
  #closed = false;

  push(item: T): void {
    if (this.#closed) return;
    this.#items.push(item);
    this.#notice.tell();
  }

  /** What was pushed before is still delivered. */
  close(): void {
    this.#closed = true;
    this.#notice.tell();
  }

  async *until(signal: AbortSignal): AsyncGenerator<T> {
    while (!signal.aborted) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#closed) return;
      else await this.#notice.wait(signal);
    }
  }
}
