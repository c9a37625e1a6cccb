import type { AgentEvent } from './ports.ts';

/** What stands for speech whose words are not known. */
export const UNCLEAR = '[unclear]';

/** What the caller has said since the agent last spoke, as far as it is understood. Times in ms. */
export class CallerTurn {
  startMs: number | null = null;
  endMs: number;
  #kept = '';
  #heard = '';
  #digits = '';
  #confidence: number | undefined;

  constructor(endMs = 0) {
    this.endMs = endMs;
  }

  /** The words so far, '[unclear]' and '[digits 123]' among them. */
  get text(): string {
    const digits = this.#digits.replace(/#$/, '');
    return joined(this.#kept, this.#heard, digits === '' ? '' : `[digits ${digits}]`);
  }

  get spokenMs(): number {
    return this.endMs - (this.startMs ?? this.endMs);
  }

  /** The words of the utterance, in place of those understood of it before; null: not understood. */
  hear(words: string | null, confidence?: number): void {
    this.#heard = words ?? UNCLEAR;
    this.#confidence = confidence;
  }

  /** What was understood stands: the words that follow are recognised by themselves. */
  keep(): void {
    this.#kept = joined(this.#kept, this.#heard);
    this.#heard = '';
  }

  /** The words as they are told to whoever watches. */
  told(final: boolean): AgentEvent {
    const { text, startMs, endMs } = this;
    const sure = this.#confidence === undefined ? {} : { confidence: this.#confidence };
    return { type: 'words', text, final, startMs: startMs ?? endMs, endMs, ...sure };
  }

  press(digit: string): void {
    this.#digits += digit;
  }
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
