import { levelDbfs } from '@earshot/audio';

/** Level of a 20 ms frame from which it can be heard. The emulator's line has no noise of its own. */
const AUDIBLE_DBFS = -50;

/** Shorter silence than this lies inside a word or between two words of the same speech. */
const HANG_OVER_MS = 300;

/** One click is not speech. */
const ONSET_MS = 60;

const FRAME_MS = 20;

/** Whether a listener hears anything in this frame. */
export function audible(samples: Int16Array): boolean {
  return levelDbfs(samples) > AUDIBLE_DBFS;
}

/** What the caller's ear makes of the agent's side, by energy alone. Fed once every 20 ms. */
export class Ear {
  #onsetMs: number | null = null;
  #lastAudibleMs: number | null = null;
  #firstAudibleMs: number | null = null;
  #audibleMs = 0;
  #heardMs = 0;
  #nowMs = 0;

  hear(samples: Int16Array, atMs: number): void {
    this.#nowMs = atMs + FRAME_MS;
    if (audible(samples)) this.#hearSound(atMs);
    else if (this.quietMs >= HANG_OVER_MS) this.#fallQuiet();
  }

  /** The agent speaks now; short holes between words count as speech. */
  get speaking(): boolean {
    return this.#onsetMs !== null;
  }

  /** How long the agent has been speaking, 0 when it does not. */
  get speakingMs(): number {
    return this.#onsetMs === null ? 0 : this.#nowMs - this.#onsetMs;
  }

  /** Since the agent was last heard, or since the answer. */
  get quietMs(): number {
    return this.#nowMs - (this.#lastAudibleMs ?? 0);
  }

  /** Sound heard since `forget`. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Starts counting `heardMs` anew: what was said before is no answer to what comes now. */
  forget(): void {
    this.#heardMs = 0;
  }

  #hearSound(atMs: number): void {
    this.#lastAudibleMs = this.#nowMs;
    this.#heardMs += FRAME_MS;
    this.#audibleMs += FRAME_MS;
    this.#firstAudibleMs ??= atMs;
    if (this.#audibleMs >= ONSET_MS) this.#onsetMs ??= this.#firstAudibleMs;
  }

  #fallQuiet(): void {
    this.#onsetMs = null;
    this.#firstAudibleMs = null;
    this.#audibleMs = 0;
  }
}
