import { laterLines } from './lines.ts';
import type { SpeakingOptions } from './speaking-options.ts';

/** What is made while nobody waits for it: the model reads its instructions, the set lines are spoken. */
export class Ahead {
  readonly #options: SpeakingOptions;
  readonly #signal: AbortSignal;
  readonly #read: Promise<void>;
  #lines: Promise<void> | null = null;

  constructor(options: SpeakingOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#read = this.#letRead();
  }

  /** Once the greeting is heard there is time for the other set lines. Without them silence stays unfilled. */
  speakLines(): void {
    this.#lines ??= this.#prepareLines();
  }

  /** Resolves when nothing more is being made. */
  get done(): Promise<unknown> {
    return Promise.allSettled([this.#read, this.#lines]);
  }

  /** A model that cannot read ahead now shows what is wrong at its first reply. */
  async #letRead(): Promise<void> {
    const { models, dialogue } = this.#options;
    await models[0]?.readAhead?.(dialogue.beginning, this.#signal).catch(() => {});
  }

  async #prepareLines(): Promise<void> {
    const { cache, synthesizer, lines } = this.#options;
    try {
      await cache.prepare(synthesizer, laterLines(lines), this.#signal);
    } catch {
      this.#lines = null;
    }
  }
}
