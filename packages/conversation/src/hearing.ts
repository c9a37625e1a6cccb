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

/** Words that are being recognised. */
export interface PendingWords {
  /** Unclear where none come. */
  readonly recognition: Promise<Recognition>;
  /** Not waited for any longer. */
  readonly abort: () => void;
}

type Understood = (understanding: Understanding) => void;

const NOTHING: Recognition = { text: '', confidence: 0, unclear: true, engineMs: 0, queuedMs: 0 };

/** Understands an utterance at its pauses. Work for a pause that turned out not to be the end is dropped. */
export class Hearing {
  readonly #recognizer: Recognizer;
  readonly #endOfTurn: EndOfTurn | null;
  #work = new AbortController();
  #recognition: Recognition | null = null;
  #pending: Promise<Recognition> | null = null;
  #completeBySound: number | null = null;
  #soundPending = false;

  constructor(recognizer: Recognizer, endOfTurn: EndOfTurn | null) {
    this.#recognizer = recognizer;
    this.#endOfTurn = endOfTurn;
  }

  /**
   * Calls back when the words are known, and again when the sound is judged later than that. Sound that
   * was asked for since the last `drop` is not asked for again.
   */
  ask(audio: AudioFrame, expectation: Expectation, understood: Understood): void {
    const { signal } = this.#work;
    const heard = this.#recognizer.recognize(audio, expectation, signal).catch(() => NOTHING);
    this.#pending = heard;
    void heard.then((recognition) => {
      if (signal !== this.#work.signal) return;
      this.#pending = null;
      this.#recognition = recognition;
      this.#tell(understood);
    });
    if (this.#completeBySound === null && !this.#soundPending) this.askSound(audio, understood);
  }

  /** Judges the sound once more: it tells more the longer the pause lasts. */
  askSound(audio: AudioFrame, understood: Understood): void {
    if (this.#endOfTurn === null) return;
    this.#soundPending = true;
    void this.#judge(this.#endOfTurn, audio, understood, this.#work.signal);
  }

  /** The words before the present pause are known. */
  get known(): boolean {
    return this.#recognition !== null;
  }

  /** Words that are not known yet: no longer dropped here, but by whoever has asked. Null: there are none. */
  release(): PendingWords | null {
    if (this.#pending === null) return null;
    const work = this.#work;
    const { signal } = work;
    const given = Promise.withResolvers<Recognition>();
    signal.addEventListener('abort', () => given.resolve(NOTHING), { once: true });
    void this.#pending.then(given.resolve);
    this.#renew();
    return { recognition: given.promise, abort: () => work.abort() };
  }

  async #judge(
    endOfTurn: EndOfTurn,
    audio: AudioFrame,
    understood: Understood,
    signal: AbortSignal,
  ): Promise<void> {
    // Without it words and pause decide.
    const complete = await endOfTurn.estimate(audio, signal).catch(() => null);
    if (signal !== this.#work.signal) return;
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
    this.#renew();
  }

  #renew(): void {
    this.#work = new AbortController();
    this.#recognition = null;
    this.#pending = null;
    this.#completeBySound = null;
    this.#soundPending = false;
  }
}
