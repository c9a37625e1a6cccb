import type { AudioFrame } from '@earshot/audio';
import type { EndOfTurn, Expectation, Recognition, Recognizer } from './ports.ts';

/** What was made of the caller's words up to a pause. */
export interface Understanding {
  readonly recognition: Recognition;
  /** Probability that the turn is complete by its sound; null while or when nobody can tell. */
  readonly completeBySound: number | null;
}

const NOTHING: Recognition = { text: '', confidence: 0, unclear: true, engineMs: 0, queuedMs: 0 };

/** Understands an utterance at its pauses. Work for a pause that turned out not to be the end is dropped. */
export class Hearing {
  readonly #recognizer: Recognizer;
  readonly #endOfTurn: EndOfTurn | null;
  #work = new AbortController();

  constructor(recognizer: Recognizer, endOfTurn: EndOfTurn | null) {
    this.#recognizer = recognizer;
    this.#endOfTurn = endOfTurn;
  }

  /** Calls back when the words are known, and again if the sound is judged later than that. */
  ask(
    audio: AudioFrame,
    expectation: Expectation,
    understood: (understanding: Understanding) => void,
  ): void {
    this.drop();
    const { signal } = this.#work;
    let recognition: Recognition | null = null;
    let completeBySound: number | null = null;
    const tell = () => {
      if (recognition !== null && !signal.aborted) understood({ recognition, completeBySound });
    };
    this.#recognizer.recognize(audio, expectation, signal).then(
      (words) => {
        recognition = words;
        tell();
      },
      () => {
        recognition = NOTHING;
        tell();
      },
    );
    this.#endOfTurn?.estimate(audio, signal).then(
      (complete) => {
        completeBySound = complete;
        tell();
      },
      // Words and pause decide without it.
      () => {},
    );
  }

  drop(): void {
    this.#work.abort();
    this.#work = new AbortController();
  }
}
