import type { EngineError } from './engine-error.ts';

/** An engine's output and where its time went, in milliseconds. */
export interface Answer<Output> {
  readonly output: Output;
  /** Inside the engine, in the attempt that answered. */
  readonly engineMs: number;
  /** From the request until that attempt began. */
  readonly queuedMs: number;
}

/** What a job asks of which kind, in whose lane. */
export interface Order {
  readonly kind: string;
  readonly input: unknown;
  readonly lane: string;
  readonly deadlineMs: number;
}

type End = { readonly answer: Answer<unknown> } | { readonly error: unknown };

let lastId = 0;

/** One request on its way: waits, is worked on, perhaps once more after a crash, and ends once. */
export class Job {
  readonly id = ++lastId;
  readonly order: Order;
  readonly #askedAt = performance.now();
  #queuedMs = 0;
  #wait: NodeJS.Timeout | undefined;
  #repeated = false;
  #delivered = 0;
  #arrived = 0;
  readonly #parts: unknown[] = [];
  #end: End | null = null;
  #news = Promise.withResolvers<void>();

  constructor(order: Order) {
    this.order = order;
  }

  /** Nobody waits for it any more. */
  get ended(): boolean {
    return this.#end !== null;
  }

  waitAtMost(waitMs: number, giveUp: () => void): void {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(giveUp, waitMs);
  }

  /** An engine starts to work on it. */
  begin(): void {
    clearTimeout(this.#wait);
    this.#queuedMs = performance.now() - this.#askedAt;
    this.#arrived = 0;
  }

  /** A repeated job leaves out the parts that were already delivered. */
  deliver(part: unknown): void {
    this.#arrived += 1;
    if (this.#arrived <= this.#delivered) return;
    this.#delivered = this.#arrived;
    this.#parts.push(part);
    this.#news.resolve();
  }

  finish(output: unknown, engineMs: number): void {
    this.#finish({ answer: { output, engineMs, queuedMs: this.#queuedMs } });
  }

  /** What was delivered before is still read. */
  fail(error: EngineError): void {
    this.#finish({ error });
  }

  /** Its asker wants nothing more. */
  abandon(reason: unknown): void {
    this.#parts.length = 0;
    this.#finish({ error: reason });
  }

  /** True if it may be tried again, which is so once. */
  repeat(): boolean {
    if (this.ended || this.#repeated) return false;
    this.#repeated = true;
    return true;
  }

  /** Parts as they come, then the answer. */
  async *results(): AsyncGenerator<unknown, Answer<unknown>> {
    while (true) {
      const part = this.#parts.shift();
      if (part !== undefined) {
        yield part;
        continue;
      }
      if (this.#end === null) {
        await this.#news.promise;
        this.#news = Promise.withResolvers();
        continue;
      }
      if ('error' in this.#end) throw this.#end.error;
      return this.#end.answer;
    }
  }

  #finish(end: End): void {
    clearTimeout(this.#wait);
    this.#end ??= end;
    this.#news.resolve();
  }
}
