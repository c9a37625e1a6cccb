import { Resampler } from '@earshot/audio';
import waveResampler from 'wave-resampler';
import { beside, type Figure, figure } from './figure.ts';
import type { Section } from './section.ts';
import { findSox } from './sox.ts';
import { measureSoxr } from './soxr.ts';
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
const PER_FRAME = 'µs per 20 ms';

/** From samples of one rate to samples of another. */
type Resample = (samples: Int16Array, from: number, to: number) => Int16Array;

/** What there is to be compared with on this machine. */
interface Others {
  readonly sox: Resample | null;
  readonly pipecat: string | null;
}

/** The streaming resampler, beside one that takes whole files and one that forgets at each frame. */
export const resampler: Section = async ({ pipecat, note }, signal) => {
  const sox = findSox();
  if (!sox) note('sox is not installed: no comparison with it');
  const figures: Figure[] = [];
  for (const [from, to] of PAIRS) {
    signal.throwIfAborted();
    figures.push(...pair(from, to, { sox, pipecat }));
  }
  return figures;
};

function pair(from: number, to: number, { sox, pipecat }: Others): Figure[] {
  const name = (what: string) => `resampler.${from}_to_${to}.${what}`;
  const frame = tone(1000, from, 0.02);
  const ours = new Resampler(from, to);
  const us = microseconds(() => ours.process(frame));
  const waveUs = microseconds(() => wave(frame, from, to));
  const clean = snr(stream, from, to);
  const figures = [
    beside(name('us'), us, PER_FRAME, 'wave-resampler', waveUs),
    figure(name('delay_ms'), ours.delayMs, 'ms'),
    beside(name('snr_db'), clean, 'dB', 'wave-resampler', snr(byFrame, from, to)),
  ];
  if (to < from) {
    const other = alias(byFrame, from, to);
    figures.push(beside(name('alias_db'), alias(stream, from, to), 'dB', 'wave-resampler', other));
  }
  if (sox) figures.push(beside(name('snr_db_to_sox'), clean, 'dB', 'sox', snr(sox, from, to)));
  if (pipecat) {
    const theirs = measureSoxr(pipecat, from, to);
    figures.push(
      beside(name('us_to_pipecat'), us, PER_FRAME, 'soxr', theirs.usPerFrame),
      beside(name('delay_ms_to_pipecat'), ours.delayMs, 'ms', 'soxr', theirs.delayMs),
    );
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
