/** Handles values in the order they were asked for, though some of them are known only later. */
export class InOrder<T> {
  readonly #handle: (value: T) => void;
  readonly #failed: (error: unknown) => void;
  #last: Promise<void> | null = null;

  constructor(handle: (value: T) => void, failed: (error: unknown) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  /** A value that is known at once is handled at once, unless others are still awaited. */
  add<V>(value: V | Promise<V>, make: (value: V) => T): void {
    if (this.#last === null && !(value instanceof Promise)) {
      this.#handle(make(value));
      return;
    }
    const last = this.#after(this.#last, value, make);
    this.#last = last;
    void last.catch(this.#failed).finally(() => {
      if (this.#last === last) this.#last = null;
    });
  }

  async #after<V>(before: Promise<void> | null, value: V | Promise<V>, make: (value: V) => T) {
    // A failure before this one was told already.
    await before?.catch(() => {});
    this.#handle(make(await value));
  }
}
