import type { AudioFrame } from '@earshot/audio';
import { clausesOf } from './clauses.ts';
import type { Synthesizer } from './ports.ts';
import { fitForSpeech } from './speech-text.ts';

/** Half a minute of speech at 24 kHz, twenty times over. */
const LARGEST_BYTES = 30 * 24_000 * 2 * 20;

/**
 * Speech made before it is needed, by text and voice, for the lines an agent says again and again. It
 * holds set lines only: what is said to one caller never enters it.
 */
export class SpeechCache {
  readonly #speech = new Map<string, readonly AudioFrame[]>();
  #bytes = 0;

  /** Speaks these texts now, so that later they cost nothing; as many as the voice itself can speak now. */
  async prepare(
    synthesizer: Synthesizer,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const clause of texts.flatMap(spokenClauses)) {
      if (signal.aborted) return;
      if (this.#speech.has(key(synthesizer, clause))) continue;
      if (!(await this.#speak(synthesizer, clause, signal))) return;
    }
  }

  /** The same synthesizer, quicker for what was prepared. */
  over(synthesizer: Synthesizer): Synthesizer {
    return {
      voice: synthesizer.voice,
      synthesize: (text, signal) => {
        const known = this.#speech.get(key(synthesizer, text));
        return known === undefined ? synthesizer.synthesize(text, signal) : replay(known);
      },
    };
  }

  /** The whole line as frames; null when some of it was not prepared. */
  line(synthesizer: Synthesizer, text: string): readonly AudioFrame[] | null {
    const clauses = spokenClauses(text).map((clause) => this.#speech.get(key(synthesizer, clause)));
    return clauses.every((clause) => clause !== undefined) ? clauses.flat() : null;
  }

  /** False: the voice itself has not said it. */
  async #speak(synthesizer: Synthesizer, clause: string, signal: AbortSignal): Promise<boolean> {
    const frames: AudioFrame[] = [];
    for await (const frame of synthesizer.synthesize(clause, signal)) {
      // What another voice says in its place would be heard in every call to come.
      if (frame.standIn) return false;
      frames.push(frame);
    }
    if (signal.aborted) return false;
    if (!this.#speech.has(key(synthesizer, clause))) this.#keep(key(synthesizer, clause), frames);
    return true;
  }

  #keep(key: string, frames: readonly AudioFrame[]): void {
    this.#bytes += frames.reduce((sum, { samples }) => sum + samples.byteLength, 0);
    this.#speech.set(key, frames);
    for (const [oldest, speech] of this.#speech) {
      if (this.#bytes <= LARGEST_BYTES) return;
      this.#speech.delete(oldest);
      this.#bytes -= speech.reduce((sum, { samples }) => sum + samples.byteLength, 0);
    }
  }
}

function key({ voice }: Synthesizer, text: string): string {
  return `${voice}\n${text}`;
}

function spokenClauses(text: string): string[] {
  return clausesOf(text)
    .map(fitForSpeech)
    .filter((clause) => clause !== '');
}

async function* replay(frames: readonly AudioFrame[]): AsyncGenerator<AudioFrame> {
  yield* frames;
}
