/** What is taken here: calls, as long as nothing is said against it, and streams of calls we have. */
export class Readiness {
  #reason: string | null = 'The engines are starting';
  #ready = false;

  /** Why no new calls are taken; null: they are. */
  get reason(): string | null {
    return this.#reason;
  }

  /** New calls are taken. */
  get takesCalls(): boolean {
    return this.#reason === null;
  }

  /** Somebody can talk: calls that we have are connected, also while no new ones are taken. */
  get ready(): boolean {
    return this.#ready;
  }

  open(): void {
    this.#reason = null;
    this.#ready = true;
  }

  /** From now on no new calls. */
  drain(reason: string): void {
    this.#reason = reason;
  }

  /** From now on nothing at all. */
  close(reason: string): void {
    this.#reason = reason;
    this.#ready = false;
  }
}
