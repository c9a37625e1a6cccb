import { Resampler } from '@earshot/audio';
import waveResampler from 'wave-resampler';
import { beside, type Figure, figure } from './figure.ts';
import type { Section } from './section.ts';
import { findSox } from './sox.ts';
import { microseconds } from './stopwatch.ts';
import { levelDb, snrDb, tone } from './tone.ts';

const PAIRS = [
  [8000, 16_000],
  [16_000, 8000],
  [24_000, 8000],
  [22_050, 8000],
] as const;
const VOICE_HZ = [300, 500, 1000, 1800, 2600, 3200, 3400];
const SECONDS = 2;

/** From samples of one rate to samples of another. */
type Resample = (samples: Int16Array, from: number, to: number) => Int16Array;

/** The streaming resampler, beside one that takes whole files and one that forgets at each frame. */
export const resampler: Section = async (options, signal) => {
  const figures: Figure[] = [];
  const sox = findSox();
  if (!sox) options.note('sox is not installed: no comparison with it');
  for (const [from, to] of PAIRS) {
    signal.throwIfAborted();
    figures.push(...pair(from, to, sox));
  }
  return figures;
};

function pair(from: number, to: number, sox: Resample | null): Figure[] {
  const name = (what: string) => `resampler.${from}_to_${to}.${what}`;
  const frame = tone(1000, from, 0.02);
  const ours = new Resampler(from, to);
  const oursUs = microseconds(() => ours.process(frame));
  const theirsUs = microseconds(() => wave(frame, from, to));
  const figures = [
    beside(name('us'), oursUs, 'µs per 20 ms', 'wave-resampler', theirsUs),
    figure(name('delay_ms'), ours.delayMs, 'ms'),
    beside(name('snr_db'), snr(stream, from, to), 'dB', 'wave-resampler', snr(byFrame, from, to)),
  ];
  if (to < from) {
    const other = alias(byFrame, from, to);
    figures.push(beside(name('alias_db'), alias(stream, from, to), 'dB', 'wave-resampler', other));
  }
  if (sox) {
    const ours = snr(stream, from, to);
    figures.push(beside(name('snr_db_beside_sox'), ours, 'dB', 'sox rate -v', snr(sox, from, to)));
  }
  return figures;
}

/** Frame by frame with a state, as on a call. */
const stream: Resample = (samples, from, to) => {
  const resampler = new Resampler(from, to);
  return join(frames(samples, from).map((frame) => resampler.process(frame)));
};

/** Frame by frame without one, as a library for whole files is used on a call. */
const byFrame: Resample = (samples, from, to) =>
  join(frames(samples, from).map((frame) => wave(frame, from, to)));

const wave: Resample = (samples, from, to) =>
  Int16Array.from(waveResampler.resample(samples, from, to));

function frames(samples: Int16Array, sampleRate: number): Int16Array[] {
  const length = sampleRate / 50;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, i) =>
    samples.subarray(i * length, (i + 1) * length),
  );
}

function join(parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** The worst of the voice band. */
function snr(resample: Resample, from: number, to: number): number {
  return Math.min(
    ...VOICE_HZ.map((hertz) => snrDb(resample(tone(hertz, from, SECONDS), from, to), hertz, to)),
  );
}

/** The loudest of what should not be there: tones above half the lower rate. */
function alias(resample: Resample, from: number, to: number): number {
  const [low, high] = [to / 2 + 20, from / 2 - 20];
  const tones = Array.from({ length: 16 }, (_, i) => low + ((high - low) * i) / 15);
  return Math.max(
    ...tones.map((hertz) => levelDb(resample(tone(hertz, from, SECONDS), from, to), to)),
  );
}
