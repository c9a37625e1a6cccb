import { randomFrom } from './random.ts';

export type NoiseKind = 'white' | 'pink' | 'hum' | 'babble';

/** An endless sound, sample by sample at 8 kHz, of about RMS 1. */
type Source = () => number;

const RATE = 8_000;
const FRAME_SAMPLES = 160;
const CALIBRATION_SAMPLES = 2 * RATE;
const TALKERS = 6;

/** Endless background sound in frames of 20 ms, the same for the same seed. */
export class Noise {
  readonly #source: Source;
  readonly #gain: number;

  /** `rms` in sample values. */
  constructor(kind: NoiseKind, rms: number, seed: number) {
    this.#source = SOURCES[kind](randomFrom(seed));
    this.#gain = rms / measure(SOURCES[kind](randomFrom(seed)));
  }

  /** 160 samples, not clipped. */
  next(): Float32Array {
    return Float32Array.from({ length: FRAME_SAMPLES }, () => this.#source() * this.#gain);
  }
}

/** A recorded background, played in a loop. */
export class LoopedSound {
  readonly #samples: Float32Array;
  #position = 0;

  constructor(samples: Int16Array, rms: number) {
    const own = Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
    const gain = own > 0 ? rms / own : 0;
    this.#samples = Float32Array.from(samples, (sample) => sample * gain);
  }

  next(): Float32Array {
    return Float32Array.from({ length: FRAME_SAMPLES }, () => {
      const sample = this.#samples[this.#position] ?? 0;
      this.#position = (this.#position + 1) % this.#samples.length;
      return sample;
    });
  }
}

const SOURCES: Record<NoiseKind, (random: () => number) => Source> = {
  white: (random) => () => random() * 2 - 1,
  pink,
  hum,
  babble,
};

function measure(source: Source): number {
  let sum = 0;
  for (let i = 0; i < CALIBRATION_SAMPLES; i += 1) sum += source() ** 2;
  return Math.sqrt(sum / CALIBRATION_SAMPLES);
}

/** White noise through three leaky integrators, close to −3 dB an octave over the telephone's band. */
function pink(random: () => number): Source {
  let [low, middle, high] = [0, 0, 0];
  return () => {
    const white = random() * 2 - 1;
    low = 0.997 * low + 0.03 * white;
    middle = 0.963 * middle + 0.1 * white;
    high = 0.57 * high + 0.36 * white;
    return low + middle + high + 0.13 * white;
  };
}

/** Mains: 60 Hz with the harmonics that get through a telephone. */
function hum(): Source {
  let sample = 0;
  return () => {
    const phase = (2 * Math.PI * 60 * sample++) / RATE;
    return [1, 0.6, 0.5, 0.3, 0.2].reduce(
      (sum, gain, i) => sum + gain * Math.sin((i + 1) * phase),
      0,
    );
  };
}

/** People talking elsewhere in the room: buzzes with a vowel's resonances that come and go by syllables. */
function babble(random: () => number): Source {
  const talkers = Array.from({ length: TALKERS }, () => talker(random));
  return () => talkers.reduce((sum, talk) => sum + talk(), 0);
}

function talker(random: () => number): Source {
  const pitch = 90 + 130 * random();
  const vowel = [resonator(300 + 500 * random(), 0.97), resonator(1_000 + 1_200 * random(), 0.95)];
  let [phase, syllable, wanted, left] = [0, 0, 0, 0];
  return () => {
    if (left-- <= 0) {
      left = RATE * (0.08 + 0.2 * random());
      wanted = random() < 0.3 ? 0 : random();
    }
    syllable += (wanted - syllable) * 0.004;
    phase = (phase + pitch / RATE) % 1;
    return vowel.reduce((sum, resonate) => sum + resonate((phase * 2 - 1) * syllable), 0);
  };
}

function resonator(frequency: number, radius: number): (input: number) => number {
  const turn = 2 * radius * Math.cos((2 * Math.PI * frequency) / RATE);
  let [last, before] = [0, 0];
  return (input) => {
    const output = (1 - radius) * input + turn * last - radius * radius * before;
    before = last;
    last = output;
    return output;
  };
}
