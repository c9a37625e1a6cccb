import { expect, test } from 'vitest';
import { levelDb, snrDb, tone } from './tone.ts';

test('a rounded tone has the error of its rounding, and one with an error that error', () => {
  const clean = tone(1000, 8000, 2);
  expect(snrDb(clean, 1000, 8000)).toBeGreaterThan(90);
  const hum = tone(60, 8000, 2);
  const dirty = clean.map((sample, i) => 0.5 * sample + 0.005 * (hum[i] ?? 0));
  expect(snrDb(dirty, 1000, 8000)).toBeCloseTo(40, 0);
});

test('levels are against the tone', () => {
  const clean = tone(1000, 8000, 2);
  expect(levelDb(clean, 8000)).toBeCloseTo(0, 1);
  expect(
    levelDb(
      clean.map((sample) => sample / 10),
      8000,
    ),
  ).toBeCloseTo(-20, 1);
});
