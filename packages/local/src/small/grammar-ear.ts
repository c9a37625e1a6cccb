import process from 'node:process';
import { fileURLToPath } from 'node:url';
import createModule, { type Decoder, type Segment } from 'soundswallower';
import { earSignal, isSilent } from './ear-signal.ts';
import type { Grammar } from './grammar.ts';
import { pronounce } from './letter-to-sound.ts';
import { trust } from './trust.ts';
import { type Fit, fitOf, type HeardWord, isSilence } from './word-scores.ts';

export interface Hearing {
  readonly text: string;
  readonly confidence: number;
  readonly unclear: boolean;
}

/** The beginning of a sentence of the grammar that fits best, however badly. */
export interface Decoding {
  readonly text: string;
  /** False where it is broken off before the grammar allows an end. */
  readonly whole: boolean;
  /** null where there are no words. */
  readonly fit: Fit | null;
}

/** What the decoder is trained on. */
export const EAR_SAMPLE_RATE = 8000;

const NOTHING: Hearing = { text: '', confidence: 0, unclear: false };
/** Shorter than any word. */
const SHORTEST_MS = 80;
/** 100 ms: in noise without speech the decoder finds an "uh" of a few frames. */
const FEWEST_FRAMES = 10;
/** Of a sentence broken off. The first words of one fit noise and single words as well as whole answers do. */
const FEWEST_WORDS_BEGUN = 3;
/** PocketSphinx's default base of its logarithms. */
const LOG_BASE = 1.0001;
/** Below this a probability is written as 0. */
const LEAST = 1e-9;

/** Sounds that American dictionaries do not list. */
const SOUNDS: readonly (readonly [word: string, phones: string])[] = [
  ['mm-hm', 'M HH M'],
  ['mm-hm(2)', 'AH M HH AH M'],
];

/**
 * PocketSphinx in WebAssembly with CMU's telephone model. A decoder never gives its 10 MB back, so
 * there is one for each process, for life.
 */
export class GrammarEar {
  readonly #decoder: Decoder;
  #grammar = '';

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  static async load(): Promise<GrammarEar> {
    const before = process.listeners('uncaughtException');
    const entry = import.meta.resolve('soundswallower');
    const modelBase = fileURLToPath(new URL('./model/', entry));
    const settings = { modelBase, printErr: (line: string) => process.stderr.write(`${line}\n`) };
    const { Decoder } = await createModule(settings);
    // Loading installs a handler that throws again whatever it is given.
    for (const listener of process.listeners('uncaughtException'))
      if (!before.includes(listener)) process.off('uncaughtException', listener);
    const decoder = new Decoder({ samprate: EAR_SAMPLE_RATE, loglevel: 'FATAL' });
    await decoder.initialize();
    const ear = new GrammarEar(decoder);
    for (const [word, phones] of SOUNDS) ear.#decoder.add_words([word, phones]);
    return ear;
  }

  /** Samples at 8 kHz. Throws when the decoder does not take the grammar. */
  hear(samples: Int16Array, grammar: Grammar): Hearing {
    if (isSilent(samples) || samples.length < (SHORTEST_MS * EAR_SAMPLE_RATE) / 1000)
      return NOTHING;
    const { text, whole, fit } = this.decode(samples, grammar);
    if (text === '' || !fit) return unclear(0);
    if (fit.frames < FEWEST_FRAMES) return NOTHING;
    const confidence = trust(fit, whole);
    if (confidence < 0.5) return unclear(confidence);
    return { text: withoutHesitation(text), confidence, unclear: false };
  }

  decode(samples: Int16Array, grammar: Grammar): Decoding {
    this.#expect(grammar);
    const { words, ...sentence } = this.#decode(samples);
    return { ...sentence, fit: fitOf(words) };
  }

  #expect({ jsgf, words }: Grammar): void {
    if (this.#grammar === jsgf) return;
    this.#grammar = '';
    const lookUp = (word: string) => this.#decoder.lookup_word(word);
    for (const word of words)
      if (lookUp(word) === null) this.#decoder.add_words([word, pronounce(word, lookUp)]);
    this.#decoder.set_grammar(jsgf);
    this.#grammar = jsgf;
  }

  /**
   * What fits best as far as it goes, unless that is a word or two. The decoder's last word is the best
   * sentence that may end there: it completes 'how much is' with 'it'.
   */
  #decode(samples: Int16Array): { text: string; whole: boolean; words: HeardWord[] } {
    const decoder = this.#decoder;
    const heard = () => ({ text: decoder.get_text(), words: heardWords(decoder) });
    let begun: { text: string; words: HeardWord[] };
    decoder.start();
    try {
      decoder.process_audio(earSignal(samples), false, true);
      begun = heard();
    } finally {
      decoder.stop();
    }
    const ended = heard();
    if (ended.text === begun.text) return { ...ended, whole: true };
    const isBrokenOff = ended.text === '' || begun.text.split(' ').length >= FEWEST_WORDS_BEGUN;
    return isBrokenOff ? { ...begun, whole: false } : { ...ended, whole: true };
  }
}

function heardWords(decoder: Decoder): HeardWord[] {
  if (decoder.get_text() === '') return [];
  const { w: segments = [] }: Segment = decoder.get_alignment();
  return segments
    .filter(({ t }) => t !== '(NULL)')
    .map(({ t, d, p }) => ({
      word: isSilence(t) ? t : t.replace(/\(\d+\)$/, ''),
      frames: Math.round(d * 100),
      score: Math.log(Math.max(LEAST, p)) / Math.log(LOG_BASE),
    }));
}

function withoutHesitation(text: string): string {
  return text.replace(/^(?:(?:um|uh) )+/, '');
}

function unclear(confidence: number): Hearing {
  return { text: '', confidence, unclear: true };
}
