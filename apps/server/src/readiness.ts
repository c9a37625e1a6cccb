/** Whether new calls are taken, and if not, why. */
export class Readiness {
  #reason: string | null = 'The engines are starting';

  get reason(): string | null {
    return this.#reason;
  }

  get ready(): boolean {
    return this.#reason === null;
  }

  open(): void {
    this.#reason = null;
  }

  close(reason: string): void {
    this.#reason = reason;
  }
}
