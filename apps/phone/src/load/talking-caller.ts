import type { Caller, CallerTick } from '../caller/caller.ts';
import { audible } from '../caller/ear.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../carrier/frame-clock.ts';

/** The agent has finished when it was quiet for so long after speaking. */
const AGENT_FINISHED_MS = 700;
/** A caller whom nobody answers says it again. */
const PATIENCE_MS = 6_000;

/**
 * Talks whenever the agent has finished, hangs up when its time is over, and measures at the ear how
 * long it waits for each answer.
 */
export class TalkingCaller implements Caller {
  readonly #speech: Int16Array;
  readonly #hangUpMs: number;
  readonly gapsMs: number[] = [];
  #unanswered = 0;
  /** Position in the speech; null while listening. */
  #speaking: number | null = null;
  #quietSinceMs = 0;
  #agentSpoke = false;
  #finishedAtMs: number | null = null;

  constructor(speech: Int16Array, hangUpMs: number) {
    this.#speech = speech;
    this.#hangUpMs = hangUpMs;
  }

  /** How often the caller had to say it again. */
  get unanswered(): number {
    return this.#unanswered;
  }

  tick(heard: Int16Array, atMs: number): CallerTick {
    if (audible(heard)) this.#hearAgent(atMs);
    if (this.#speaking === null && this.#mayTalk(atMs)) this.#speaking = 0;
    const hangUp = atMs + FRAME_MS >= this.#hangUpMs;
    return { samples: this.#nextFrame(atMs), hangUp };
  }

  #hearAgent(atMs: number): void {
    if (this.#finishedAtMs !== null) this.gapsMs.push(atMs - this.#finishedAtMs);
    this.#finishedAtMs = null;
    this.#agentSpoke = true;
    this.#quietSinceMs = atMs + FRAME_MS;
  }

  #mayTalk(atMs: number): boolean {
    const quietMs = atMs - this.#quietSinceMs;
    if (this.#agentSpoke) return quietMs >= AGENT_FINISHED_MS;
    if (quietMs < PATIENCE_MS) return false;
    if (this.#finishedAtMs !== null) this.#unanswered += 1;
    return true;
  }

  #nextFrame(atMs: number): Int16Array | null {
    const at = this.#speaking;
    if (at === null) return null;
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(this.#speech.subarray(at, at + FRAME_SAMPLES));
    this.#speaking = at + FRAME_SAMPLES;
    if (this.#speaking < this.#speech.length) return frame;
    this.#speaking = null;
    this.#agentSpoke = false;
    this.#finishedAtMs = atMs + FRAME_MS;
    this.#quietSinceMs = this.#finishedAtMs;
    return frame;
  }
}

/**
 * Two seconds that a voice detector takes for a voice: a gliding pitch with the formants of a vowel,
 * four syllables a second. No words; for load, where engines are not the point.
 */
export function humming(): Int16Array {
  const samples = new Int16Array(16_000);
  let phase = 0;
  for (const [index] of samples.entries()) {
    const seconds = index / 8_000;
    phase += (2 * Math.PI * (120 + 20 * Math.sin(2 * Math.PI * 0.7 * seconds))) / 8_000;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * seconds)) ** 0.5;
    samples[index] = Math.round(6_000 * syllable * vowel(phase));
  }
  return samples;
}

/** Strength of each harmonic of about 120 Hz in an open vowel: formants near 700 and 1,200 Hz. */
const HARMONICS = [0.3, 0.35, 0.4, 0.6, 0.9, 1, 0.8, 0.6, 0.7, 0.8, 0.5, 0.25, 0.15, 0.1];

function vowel(phase: number): number {
  const sum = HARMONICS.reduce(
    (total, strength, index) => total + strength * Math.sin((index + 1) * phase),
    0,
  );
  return sum / 4;
}
