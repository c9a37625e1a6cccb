import type { AudioFrame } from '@earshot/audio';
import { CallerTurn } from './caller-turn.ts';
import type { CascadeOptions } from './cascade-options.ts';
import { Hearing, type PendingWords, type Understanding } from './hearing.ts';
import type { Expectation, Recognition, ReplyTiming } from './ports.ts';
import { Utterance } from './utterance.ts';

/** Voice is known to be voice only after it has sounded for a while; the audio from before is kept. */
const DETECTION_LAG_MS = 200;
/** Judged early, a pause is taken to go on for so long: shorter ones all sound as if more were to come. */
const FORESEEN_MS = 60;
/** Recognizers hear half a minute at a time. */
const SEGMENT_MS = 15_000;

type Ears = Pick<CascadeOptions['engines'], 'recognizer' | 'endOfTurn'>;

/** The caller's side of the floor: the present turn, its sound, and what is made of it. */
export class Listening {
  readonly #utterance: Utterance;
  readonly #hearing: Hearing;
  readonly #understood: (understanding: Understanding) => void;
  #timing = { recognizerMs: 0, recognizerQueuedMs: 0 };
  turn = new CallerTurn();

  constructor(
    { recognizer, endOfTurn }: Ears,
    prefixPaddingMs: number,
    understood: (understanding: Understanding) => void,
  ) {
    this.#utterance = new Utterance(prefixPaddingMs + DETECTION_LAG_MS);
    this.#hearing = new Hearing(recognizer, endOfTurn);
    this.#understood = (understanding) => {
      this.took(understanding.recognition);
      understood(understanding);
    };
  }

  /** Words are known. */
  took({ engineMs, queuedMs }: Recognition): void {
    this.#timing = { recognizerMs: engineMs, recognizerQueuedMs: queuedMs };
  }

  /** What the words made last have taken. */
  get timing(): Pick<ReplyTiming, 'recognizerMs' | 'recognizerQueuedMs'> {
    return this.#timing;
  }

  hear(frame: AudioFrame): void {
    this.#utterance.hear(frame);
  }

  /** The caller takes the floor: their sound is kept, from a little before on. */
  begin(nowMs: number): void {
    this.turn.startMs ??= nowMs;
    this.#utterance.begin();
  }

  /** What was understood before this pause stands: what follows is recognised by itself. */
  keepWords(): void {
    if (this.#hearing.known) {
      this.turn.keep();
      this.#utterance.restart();
    }
    this.turn.keepKeys();
    this.#hearing.drop();
  }

  /** The caller goes on: what was made of the words so far was not all of them. */
  goOn(): void {
    // A long turn is recognised in pieces.
    if (this.#utterance.lengthMs >= SEGMENT_MS) this.keepWords();
    else this.#hearing.drop();
  }

  /** Asks for the words before this pause. */
  recognize(expectation: Expectation): void {
    this.#hearing.ask(this.#utterance.audio(), expectation, this.#understood);
  }

  /** Asks whether it sounds as if the turn were over. */
  judgeSound(): void {
    this.#hearing.askSound(this.#utterance.audio(FORESEEN_MS), this.#understood);
  }

  /** See `Hearing.release`. */
  pendingWords(): PendingWords | null {
    return this.#hearing.release();
  }

  forget(): void {
    this.#utterance.end();
    this.#hearing.drop();
    this.turn = new CallerTurn(this.turn.endMs);
  }

  close(): void {
    this.#hearing.drop();
  }
}
