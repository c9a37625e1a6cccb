/** Wakes whoever waits that something has changed; they look for themselves what it is. */
export class Notice {
  #waiting: (() => void)[] = [];

  tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next `tell` or when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const wake = () => this.tell();
    signal.addEventListener('abort', wake, { once: true });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    signal.removeEventListener('abort', wake);
  }
}
