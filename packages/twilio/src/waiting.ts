interface Waiter {
  readonly met: () => boolean;
  readonly release: () => void;
}

/** Those who wait for a condition. Aborted and ended waits resolve: neither is an error. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  async until(met: () => boolean, signal: AbortSignal): Promise<void> {
    if (this.#ended || signal.aborted || met()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { met, release: resolve };
    this.#waiters.add(waiter);
    signal.addEventListener('abort', resolve as () => void);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', resolve as () => void);
      this.#waiters.delete(waiter);
    }
  }

  /** Something has changed: lets go whose condition is met. */
  check(): void {
    for (const { met, release } of this.#waiters) if (met()) release();
  }

  end(): void {
    this.#ended = true;
    for (const { release } of this.#waiters) release();
  }
}
