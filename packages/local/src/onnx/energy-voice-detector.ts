import type { AudioFrame } from '@earshot/audio';
import type { VoiceDetector, VoiceStream } from '@earshot/conversation';

/** Levels are measured in steps of 10 ms, smoothed over three of them. */
const STEP_MS = 10;
const SMOOTHING_STEPS = 3;

/** The noise floor is the lowest level of the last 3 s, kept as the minima of six stretches. */
const STRETCH_STEPS = 50;
const STRETCHES = 6;
const FIRST_FLOOR_DBFS = -50;

/** Half a chance of voice so far above the floor; a ninth, or eight ninths, 5 dB beside it. */
const VOICE_ABOVE_FLOOR_DB = 12;
const SLOPE_DB = 2.4;

/** Nothing below is a voice on a telephone. */
const SILENT_DBFS = -55;
const LOWEST_DBFS = -90;

/**
 * Takes for voice what is well above the line's own noise, whose level it learns within 3 s. Needs
 * no model and no other process, and cannot tell a voice from other sudden sounds: the stand-in
 * while a real detector is away.
 */
export class EnergyVoiceDetector implements VoiceDetector {
  open(): EnergyVoice {
    return new EnergyVoice();
  }
}

/** One call's levels. */
export class EnergyVoice implements VoiceStream {
  /** Of the step that is being heard. */
  #energy = 0;
  #heard = 0;
  readonly #powers: number[] = [];
  readonly #minima: number[] = Array.from({ length: STRETCHES }, () => FIRST_FLOOR_DBFS);
  #floor = FIRST_FLOOR_DBFS;
  #lowest = 0;
  #steps = 0;
  #probability = 0;

  hear({ samples, sampleRate }: AudioFrame): number {
    const size = Math.max(1, Math.round((sampleRate * STEP_MS) / 1000));
    let energy = this.#energy;
    let heard = this.#heard;
    for (const sample of samples) {
      energy += sample * sample;
      heard += 1;
      if (heard < size) continue;
      this.#step(energy / heard / 32_768 ** 2);
      energy = 0;
      heard = 0;
    }
    this.#energy = energy;
    this.#heard = heard;
    return this.#probability;
  }

  /** Nothing is held. */
  [Symbol.dispose](): void {}

  #step(power: number): void {
    this.#powers.push(power);
    if (this.#powers.length > SMOOTHING_STEPS) this.#powers.shift();
    const mean = this.#powers.reduce((sum, next) => sum + next, 0) / this.#powers.length;
    const level = Math.max(LOWEST_DBFS, 10 * Math.log10(mean));
    this.#learn(level);
    const above = level - Math.min(this.#floor, this.#lowest) - VOICE_ABOVE_FLOOR_DB;
    this.#probability = level < SILENT_DBFS ? 0 : 1 / (1 + Math.exp(-above / SLOPE_DB));
  }

  #learn(level: number): void {
    this.#lowest = Math.min(this.#lowest, level);
    this.#steps += 1;
    if (this.#steps % STRETCH_STEPS !== 0) return;
    this.#minima.shift();
    this.#minima.push(this.#lowest);
    this.#floor = Math.min(...this.#minima);
    this.#lowest = 0;
  }
}
