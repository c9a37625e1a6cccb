import { readFileSync } from 'node:fs';
import { type AudioFrame, decodeMulaw, encodeMulaw, Resampler, readWav } from '@earshot/audio';

const SAMPLE_RATE = 8000;
const FRAME = 160;
export const FRAME_MS = 20;
/** Frames softer than the loud ones by more than this are not voiced. */
const VOICED_DB = 20;

/** One person's speech as it comes through the telephone: 8 kHz, µ-law and back, frames of 20 ms. */
export interface Recording {
  readonly name: string;
  readonly frames: readonly AudioFrame[];
  /** Indexes of the first and the last voiced frame, by their energy. */
  readonly first: number;
  readonly last: number;
}

/** What is taken of a file. */
export interface Take {
  /** Where it ends; null for its own end. */
  readonly cutMs: number | null;
  /** Silence before it: less than a frame has other frames made of the same speech. */
  readonly delayMs: number;
}

/** Reads the first channel of a WAV file. */
export function readRecording(file: string, name: string, take: Take): Recording {
  const { samples, sampleRate } = readWav(readFileSync(file));
  const [channel = new Int16Array()] = samples;
  return recorded({ samples: channel, sampleRate }, name, take);
}

/** The same of speech at hand. */
export function recorded(
  { samples, sampleRate }: AudioFrame,
  name: string,
  { cutMs, delayMs }: Take,
): Recording {
  const end = cutMs === null ? samples.length : Math.floor((cutMs * sampleRate) / 1000);
  const heard = telephone(samples.subarray(0, end), sampleRate);
  const delay = new Int16Array((delayMs * SAMPLE_RATE) / 1000);
  const frames = framesOf(Int16Array.from([...delay, ...heard]));
  return { name, frames, ...voicedBounds(frames) };
}

export const SILENCE: AudioFrame = { samples: new Int16Array(FRAME), sampleRate: SAMPLE_RATE };

function telephone(samples: Int16Array, sampleRate: number): Int16Array {
  const resampler = new Resampler(sampleRate, SAMPLE_RATE);
  const most = resampler.process(samples);
  return decodeMulaw(encodeMulaw(Int16Array.from([...most, ...resampler.flush()])));
}

/** Whole frames; silence fills the last. */
function framesOf(samples: Int16Array): AudioFrame[] {
  return Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, i) => {
    const frame = new Int16Array(FRAME);
    frame.set(samples.subarray(i * FRAME, (i + 1) * FRAME));
    return { samples: frame, sampleRate: SAMPLE_RATE };
  });
}

/**
 * A frame is voiced within 20 dB of the file's 95th percentile. The first and the last need another
 * voiced frame within the two beside them, so that a click does not count: the rule with which the
 * Pipecat peer's audio is prepared.
 */
function voicedBounds(frames: readonly AudioFrame[]): { first: number; last: number } {
  const levels = frames.map(({ samples }) => levelDb(samples));
  const loud = levels.toSorted((a, b) => a - b)[Math.floor(0.95 * levels.length)] ?? 0;
  const voiced = levels.map((level) => level >= loud - VOICED_DB);
  const first = voiced.findIndex((on, i) => on && (voiced[i + 1] || voiced[i + 2]));
  const last = voiced.findLastIndex((on, i) => on && (voiced[i - 1] || voiced[i - 2]));
  return { first, last };
}

function levelDb(samples: Int16Array): number {
  const energy = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
  return 10 * Math.log10(energy / samples.length + 1e-9);
}
