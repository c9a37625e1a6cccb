import type { AudioFrame } from '@earshot/audio';
import type { EndOfTurn, Expectation, Recognition, Recognizer } from './ports.ts';

/** What was made of the caller's words up to a pause. */
export interface Understanding {
  readonly recognition: Recognition;
  /** Probability that the turn is complete by its sound; null while or when nobody can tell. */
  readonly completeBySound: number | null;
  /** The sound is still being judged. */
  readonly soundPending: boolean;
}

type Understood = (understanding: Understanding) => void;

/** Words that have not come by then are not worth waiting for. */
const LATEST_MS = 10_000;

const NOTHING: Recognition = { text: '', confidence: 0, unclear: true, engineMs: 0, queuedMs: 0 };

/** Understands an utterance at its pauses. Work for a pause that turned out not to be the end is dropped. */
export class Hearing {
  readonly #recognizer: Recognizer;
  readonly #endOfTurn: EndOfTurn | null;
  #work = new AbortController();
  #recognition: Recognition | null = null;
  /** Whoever waits for words, and for how long. */
  #waiting: { readonly understood: Understood; ms: number } | null = null;
  #completeBySound: number | null = null;
  #soundPending = false;
  #engineMs = 0;
  #queuedMs = 0;

  constructor(recognizer: Recognizer, endOfTurn: EndOfTurn | null) {
    this.#recognizer = recognizer;
    this.#endOfTurn = endOfTurn;
  }

  /**
   * Calls back when the words are known, and again when the sound is judged later than that. Sound that
   * was asked for since the last `drop` is not asked for again.
   */
  ask(audio: AudioFrame, expectation: Expectation, understood: Understood): void {
    this.#waiting = { understood, ms: 0 };
    void this.#recognize(audio, expectation, understood, this.#work.signal);
    if (this.#completeBySound === null && !this.#soundPending) this.askSound(audio, understood);
  }

  /** Judges the sound once more: it tells more the longer the pause lasts. */
  askSound(audio: AudioFrame, understood: Understood): void {
    if (this.#endOfTurn === null) return;
    this.#soundPending = true;
    void this.#judge(this.#endOfTurn, audio, understood, this.#work.signal);
  }

  /** Time passes. */
  pass(ms: number): void {
    if (this.#waiting === null) return;
    this.#waiting.ms += ms;
    if (this.#waiting.ms < LATEST_MS) return;
    const { understood } = this.#waiting;
    this.drop();
    this.#known(NOTHING, understood);
  }

  /** What the words made last have taken. */
  get timing(): { readonly recognizerMs: number; readonly recognizerQueuedMs: number } {
    return { recognizerMs: this.#engineMs, recognizerQueuedMs: this.#queuedMs };
  }

  /** Words were asked for, and are not known yet. */
  get busy(): boolean {
    return this.#waiting !== null;
  }

  /** The words before the present pause are known. */
  get known(): boolean {
    return this.#recognition !== null;
  }

  async #recognize(
    audio: AudioFrame,
    expectation: Expectation,
    understood: Understood,
    signal: AbortSignal,
  ): Promise<void> {
    const recognition = await this.#recognizer
      .recognize(audio, expectation, signal)
      .catch(() => NOTHING);
    if (!signal.aborted) this.#known(recognition, understood);
  }

  #known(recognition: Recognition, understood: Understood): void {
    this.#waiting = null;
    this.#recognition = recognition;
    [this.#engineMs, this.#queuedMs] = [recognition.engineMs, recognition.queuedMs];
    this.#tell(understood);
  }

  async #judge(
    endOfTurn: EndOfTurn,
    audio: AudioFrame,
    understood: Understood,
    signal: AbortSignal,
  ): Promise<void> {
    // Without it words and pause decide.
    const complete = await endOfTurn.estimate(audio, signal).catch(() => null);
    if (signal.aborted) return;
    this.#completeBySound = complete;
    this.#soundPending = false;
    this.#tell(understood);
  }

  #tell(understood: Understood): void {
    if (this.#recognition === null) return;
    understood({
      recognition: this.#recognition,
      completeBySound: this.#completeBySound,
      soundPending: this.#soundPending,
    });
  }

  drop(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#recognition = null;
    this.#waiting = null;
    this.#completeBySound = null;
    this.#soundPending = false;
  }
}
