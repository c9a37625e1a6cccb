import { type VadConfig, voicedThresholds } from './vad-config.ts';

/** What one frame tells about the caller's voice. */
export interface VoicedFrame {
  readonly voiced: boolean;
  /** Spoken towards us, not murmured: near the caller's usual level, and no hum. */
  readonly firm: boolean;
  readonly ms: number;
}

/** A caller not yet heard is taken to speak about this loud on the phone. */
const USUAL_LEVEL_DBFS = -18;
/** However loud a caller is, what is louder than this less a murmur is speech. */
const LOUDEST_USUAL_DBFS = -18;
/** Softer than the caller's usual loud moments by this much is a murmur. */
const MURMUR_DB = 9;
/** Softer than the loud parts of the same utterance by this much is the room after the voice. */
const TAIL_DB = 18;
/** How fast a loud moment is forgotten, in dB a millisecond. */
const LOUD_DECAY = 0.005;
/** Hum ("mm-hm") keeps below this share of its energy in the difference of neighbouring samples. */
const HUM_BRIGHTNESS = 0.05;
/** The usual level follows loud moments fast and soft ones slowly: that is where vowels are. */
const LEVEL_RISE = 0.1;
const LEVEL_FALL = 0.004;

/** Turns voice probability and sound into voiced frames, with hysteresis and an ear for the caller's level. */
export class VoiceActivity {
  readonly #thresholds: { readonly start: number; readonly stay: number };
  #voiced = false;
  #usualDbfs = USUAL_LEVEL_DBFS;
  #loudDbfs = USUAL_LEVEL_DBFS;

  constructor(vad: VadConfig) {
    this.#thresholds = voicedThresholds(vad);
  }

  hear(probability: number, samples: Int16Array, ms: number): VoicedFrame {
    const { dbfs, brightness } = sound(samples);
    const probable = probability >= (this.#voiced ? this.#thresholds.stay : this.#thresholds.start);
    this.#loudDbfs = Math.max(dbfs, this.#loudDbfs - ms * LOUD_DECAY);
    this.#voiced = probable && dbfs > this.#loudDbfs - TAIL_DB;
    const firm =
      this.#voiced &&
      dbfs > Math.min(this.#usualDbfs, LOUDEST_USUAL_DBFS) - MURMUR_DB &&
      brightness > HUM_BRIGHTNESS;
    if (this.#voiced) {
      const change = dbfs - this.#usualDbfs;
      this.#usualDbfs += change * (change > 0 ? LEVEL_RISE : LEVEL_FALL);
    }
    return { voiced: this.#voiced, firm, ms };
  }
}

function sound(samples: Int16Array): { readonly dbfs: number; readonly brightness: number } {
  let energy = 0;
  let difference = 0;
  let last = samples[0] ?? 0;
  for (const sample of samples) {
    energy += sample * sample;
    difference += (sample - last) ** 2;
    last = sample;
  }
  const mean = energy / Math.max(1, samples.length);
  return {
    dbfs: 10 * Math.log10(Math.max(mean, 1e-3) / 32768 ** 2),
    brightness: difference / Math.max(1, energy),
  };
}
