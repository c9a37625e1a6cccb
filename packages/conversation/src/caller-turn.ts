import type { Words } from './floor-state.ts';
import type { AgentEvent, Recognition } from './ports.ts';

/** What stands for speech whose words are not known. */
export const UNCLEAR = '[unclear]';

/** Whether keys are the last of a turn's text. */
export function endsInKeys(text: string): boolean {
  return /\[digits [^\]]*\]$/.test(text);
}

/** What the caller has said since the agent last spoke, as far as it is understood. Times in ms. */
export class CallerTurn {
  startMs: number | null = null;
  endMs: number;
  /** It follows a question of the agent, or runs into its end. */
  answers = false;
  /** It is over, and its words are not known yet. */
  awaited = false;
  #kept = '';
  #heard = '';
  #digits = '';
  #confidence: number | undefined;

  constructor(endMs = 0) {
    this.endMs = endMs;
  }

  /** The words so far, '[unclear]' and '[digits 123]' among them. */
  get text(): string {
    return joined(this.#kept, this.#heard, this.#keys);
  }

  get spokenMs(): number {
    return this.endMs - (this.startMs ?? this.endMs);
  }

  /** The words of the utterance, in place of those understood of it before; tells what the turn means now. */
  understood({ text, confidence }: Recognition, meant: Words): Words {
    this.awaited = false;
    this.#heard = meant !== 'none' && text === '' ? UNCLEAR : text;
    this.#confidence = confidence;
    // A cough after words or keys takes nothing back of them.
    return meant === 'none' && this.text !== '' ? 'words' : meant;
  }

  /** The words at the turn's end: something was said, also where nobody could make words of it. */
  settle(): string {
    this.awaited = false;
    if (this.text === '') this.#heard = UNCLEAR;
    return this.text;
  }

  /** What was understood stands: the words that follow are recognised by themselves. */
  keep(): void {
    this.#kept = joined(this.#kept, this.#heard);
    this.#heard = '';
  }

  /** The keys pressed so far stand before the words that follow. */
  keepKeys(): void {
    this.#kept = joined(this.#kept, this.#keys);
    this.#digits = '';
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

  get #keys(): string {
    const digits = this.#digits.replace(/#$/, '');
    return digits === '' ? '' : `[digits ${digits}]`;
  }
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
