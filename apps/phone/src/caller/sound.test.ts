import { expect, test } from 'vitest';
import { Network } from './network.ts';
import { LoopedSound, Noise, type NoiseKind } from './noise.ts';
import { joined, NOMINAL_RMS, ratio, utteranceOf } from './utterance.ts';

const rms = (samples: ArrayLike<number>): number =>
  Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

/** `ms` of a 400 Hz tone between silences. */
function tone(beforeMs: number, ms: number, afterMs: number, amplitude = 1_000): Int16Array {
  return Int16Array.from({ length: (beforeMs + ms + afterMs) * 8 }, (_, i) => {
    const atMs = i / 8 - beforeMs;
    return atMs >= 0 && atMs < ms ? amplitude * Math.sin((2 * Math.PI * 400 * i) / 8_000) : 0;
  });
}

test('speech is cut to where it sounds, with a margin for soft beginnings', () => {
  const { samples, voicedFromMs, voicedToMs } = utteranceOf(tone(500, 400, 700), 0);
  expect(samples.length / 8).toBe(520);
  expect([voicedFromMs, voicedToMs]).toEqual([60, 460]);
});

test.each([0, -10])(
  'whatever its own level, speech is brought to %s dB of the usual voice',
  (levelDb) => {
    for (const amplitude of [60, 1_000, 20_000]) {
      const { samples } = utteranceOf(tone(0, 400, 0, amplitude), levelDb);
      expect(20 * Math.log10(rms(samples) / NOMINAL_RMS)).toBeCloseTo(levelDb, 0);
    }
  },
);

test('amplified speech never wraps around', () => {
  const { samples } = utteranceOf(tone(0, 400, 0), 20);
  expect(Math.max(...samples)).toBeLessThanOrEqual(32_000);
});

test('silence makes no utterance', () => {
  expect(utteranceOf(new Int16Array(8_000), 0).samples).toHaveLength(0);
  expect(utteranceOf(new Int16Array(0), 0).samples).toHaveLength(0);
});

test('the pause between two parts is as long as asked, from voice to voice', () => {
  const part = utteranceOf(tone(100, 400, 100), 0);
  const { samples, voicedFromMs, voicedToMs } = joined([part, part], 700);
  expect(voicedToMs - voicedFromMs).toBe(400 + 700 + 400);
  const pauseAt = (voicedFromMs + 400) * 8;
  expect(rms(samples.subarray(pauseAt, pauseAt + 700 * 8))).toBe(0);
});

test.each<NoiseKind>(['white', 'pink', 'hum', 'babble'])(
  '%s noise has the level asked for',
  (kind) => {
    const noise = new Noise(kind, 300, 3);
    const samples = Array.from({ length: 200 }, () => [...noise.next()]).flat();
    expect(Math.abs(20 * Math.log10(rms(samples) / 300))).toBeLessThan(1.5);
  },
);

test('noise is the same for the same seed', () => {
  expect(new Noise('babble', 300, 3).next()).toEqual(new Noise('babble', 300, 3).next());
});

test('a recorded background goes round without a hole', () => {
  const sound = new LoopedSound(
    Int16Array.from({ length: 100 }, () => 10),
    50,
  );
  expect([...sound.next(), ...sound.next()].every((sample) => sample === 50)).toBe(true);
});

test('the network loses and delays the shares asked for, in bursts', () => {
  const network = new Network({ loss: 0.05, late: 0.1, burstFrames: 4, seed: 1 });
  const faults = Array.from({ length: 50_000 }, () => network.next());
  const share = (fault: string) => faults.filter((each) => each === fault).length / faults.length;
  expect(Math.abs(share('drop') - 0.05)).toBeLessThan(0.01);
  expect(Math.abs(share('late') - 0.1)).toBeLessThan(0.015);
});

test('a clean network leaves every frame alone', () => {
  const network = new Network({ loss: 0, late: 0, burstFrames: 3, seed: 1 });
  expect(Array.from({ length: 1_000 }, () => network.next()).every((fault) => !fault)).toBe(true);
});

test('ten decibels are a factor of about 3.16', () => {
  expect(ratio(10)).toBeCloseTo(3.162, 3);
});
