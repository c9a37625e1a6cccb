import { peak } from '@earshot/audio';

/** Speech ready for the line: 8 kHz, at its level, cut to where it sounds. */
export interface Utterance {
  readonly samples: Int16Array;
  /** Where the first voiced frame starts and the last one ends, from the utterance's start. */
  readonly voicedFromMs: number;
  readonly voicedToMs: number;
}

/** RMS of a caller's usual voice while it sounds: −20 dB under full scale. */
export const NOMINAL_RMS = 3_277;

const SAMPLES_PER_MS = 8;
const FRAME_SAMPLES = 160;
/** Softer than this under the voice's own level is breath and room. */
const VOICED_DB = -25;
/** Soft beginnings and endings ("f", "s") around the voiced part. */
const MARGIN_MS = 60;
const LOUDEST = 32_000;

/** Brings 8 kHz speech to `levelDb` from the usual voice and cuts the silence around it. */
export function utteranceOf(speech: Int16Array, levelDb: number): Utterance {
  const own = voicedRms(speech);
  if (own === 0) return { samples: new Int16Array(0), voicedFromMs: 0, voicedToMs: 0 };
  const isVoiced = (start: number): boolean => rms(speech, start) > own * ratio(VOICED_DB);
  const starts = frameStarts(speech).filter(isVoiced);
  const voicedFrom = starts[0] ?? 0;
  const voicedTo = (starts.at(-1) ?? 0) + FRAME_SAMPLES;
  const from = Math.max(0, voicedFrom - MARGIN_MS * SAMPLES_PER_MS);
  const to = Math.min(speech.length, voicedTo + MARGIN_MS * SAMPLES_PER_MS);
  return {
    samples: amplified(speech.subarray(from, to), (NOMINAL_RMS * ratio(levelDb)) / own),
    voicedFromMs: (voicedFrom - from) / SAMPLES_PER_MS,
    voicedToMs: (Math.min(voicedTo, speech.length) - from) / SAMPLES_PER_MS,
  };
}

/** One utterance out of several with pauses between them; a pause is measured from voice to voice. */
export function joined(parts: readonly Utterance[], pauseMs: number): Utterance {
  const samples = parts.flatMap((part, i) => {
    const voice = part.samples.subarray(
      i === 0 ? 0 : part.voicedFromMs * SAMPLES_PER_MS,
      i === parts.length - 1 ? part.samples.length : part.voicedToMs * SAMPLES_PER_MS,
    );
    return i === 0
      ? [...voice]
      : [...new Array<number>(pauseMs * SAMPLES_PER_MS).fill(0), ...voice];
  });
  const last = parts.at(-1);
  const tailMs = last ? last.samples.length / SAMPLES_PER_MS - last.voicedToMs : 0;
  return {
    samples: Int16Array.from(samples),
    voicedFromMs: parts[0]?.voicedFromMs ?? 0,
    voicedToMs: samples.length / SAMPLES_PER_MS - tailMs,
  };
}

/** A gain in decibels as a factor. */
export function ratio(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** RMS over the loud half of the frames, so that pauses do not count. */
function voicedRms(speech: Int16Array): number {
  const levels = frameStarts(speech)
    .map((start) => rms(speech, start))
    .sort((a, b) => b - a);
  const loud = levels.slice(0, Math.max(1, Math.ceil(levels.length / 2)));
  return Math.sqrt(loud.reduce((sum, level) => sum + level ** 2, 0) / Math.max(1, loud.length));
}

function frameStarts(speech: Int16Array): number[] {
  return Array.from(
    { length: Math.ceil(speech.length / FRAME_SAMPLES) },
    (_, i) => i * FRAME_SAMPLES,
  );
}

function rms(speech: Int16Array, start: number): number {
  const frame = speech.subarray(start, start + FRAME_SAMPLES);
  return Math.sqrt(frame.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, frame.length));
}

function amplified(speech: Int16Array, gain: number): Int16Array {
  const safe = Math.min(gain, LOUDEST / Math.max(1, peak(speech)));
  return speech.map((sample) => Math.round(sample * safe));
}
