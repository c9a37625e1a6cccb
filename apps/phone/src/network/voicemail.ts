import type { Caller, CallerTick } from '../caller/caller.ts';
import { Ear } from '../caller/ear.ts';

const FRAME_SAMPLES = 160;
const SAMPLES_PER_MS = 8;
const BEEP_HZ = 1_000;
const BEEP_MS = 500;
/** Between the greeting's last word and the beep. */
const BEFORE_BEEP_MS = 600;
const PICKUP_MS = 400;
/** It takes messages of two minutes and hangs up after ten seconds of quiet. */
const MESSAGE_MS = 120_000;
const QUIET_MS = 10_000;

/** An answering machine: says its greeting, beeps, and listens to the message. */
export class Voicemail implements Caller {
  /** When the greeting is over, since the answer. */
  readonly greetingEndsMs: number;
  /** When the beep is over, since the answer; null when there is none. */
  readonly beepEndsMs: number | null;
  readonly #sound: Int16Array;
  readonly #ear = new Ear();

  /** `greeting`: 8 kHz. */
  constructor(greeting: Int16Array, beep: boolean) {
    const before = PICKUP_MS * SAMPLES_PER_MS;
    const spoken = before + greeting.length;
    const tone = beep ? beepSound() : new Int16Array(0);
    this.#sound = new Int16Array(spoken + BEFORE_BEEP_MS * SAMPLES_PER_MS + tone.length);
    this.#sound.set(greeting, before);
    this.#sound.set(tone, this.#sound.length - tone.length);
    this.greetingEndsMs = spoken / SAMPLES_PER_MS;
    this.beepEndsMs = beep ? this.#sound.length / SAMPLES_PER_MS : null;
  }

  tick(heard: Int16Array, atMs: number): CallerTick {
    const from = atMs * SAMPLES_PER_MS;
    if (from < this.#sound.length) {
      const samples = new Int16Array(FRAME_SAMPLES);
      samples.set(this.#sound.subarray(from, from + FRAME_SAMPLES));
      return { samples };
    }
    const sinceMs = atMs - this.#sound.length / SAMPLES_PER_MS;
    this.#ear.hear(heard, sinceMs);
    const full = sinceMs >= MESSAGE_MS;
    return { samples: null, hangUp: full || this.#ear.quietMs >= QUIET_MS };
  }
}

function beepSound(): Int16Array {
  return Int16Array.from({ length: BEEP_MS * SAMPLES_PER_MS }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * BEEP_HZ * index) / (SAMPLES_PER_MS * 1_000))),
  );
}
