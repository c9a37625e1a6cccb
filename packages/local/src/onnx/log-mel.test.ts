import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { complexSamples, Fourier } from './fourier.ts';
import { BANDS, FRAMES, logMel } from './log-mel.ts';

const sweep = (seconds: number): Float32Array =>
  Float32Array.from({ length: seconds * 16_000 }, (_, i) => {
    const t = i / 16_000;
    return 0.5 * Math.sin(2 * Math.PI * (200 + 300 * t) * t) * (1 - 0.3 * Math.cos(20 * t)) + 0.01;
  });

test('a transform agrees with the definition', () => {
  const length = 400;
  const input = complexSamples(length);
  for (let i = 0; i < length; i++) {
    input.re[i] = Math.sin(i * i);
    input.im[i] = Math.cos(i * 3 + 1);
  }
  const [re, im] = [input.re.slice(), input.im.slice()];
  const result = new Fourier([4, 4, 5, 5]).transform(input);
  for (const bin of [0, 1, 7, 100, 199, 200, 201, 399]) {
    let [a, b] = [0, 0];
    for (let i = 0; i < length; i++) {
      const angle = (-2 * Math.PI * bin * i) / length;
      a += (re[i] ?? 0) * Math.cos(angle) - (im[i] ?? 0) * Math.sin(angle);
      b += (re[i] ?? 0) * Math.sin(angle) + (im[i] ?? 0) * Math.cos(angle);
    }
    expect(result.re[bin]).toBeCloseTo(a, 8);
    expect(result.im[bin]).toBeCloseTo(b, 8);
  }
});

test('one transform after another, from the same array', () => {
  const fourier = new Fourier([5, 4, 4, 5]);
  const input = complexSamples(400);
  for (let times = 0; times < 3; times++) {
    input.re.fill(0);
    input.im.fill(0);
    input.re[0] = 1;
    const { re, im } = fourier.transform(input);
    expect([...re]).toEqual(new Array(400).fill(1));
    expect(Math.max(...im.map(Math.abs))).toBe(0);
  }
});

const reference = fileURLToPath(
  new URL('../../../../../shared/tools/models/smart_turn_features.mjs', import.meta.url),
);

describe.skipIf(!existsSync(reference))(
  existsSync(reference)
    ? 'the reference features'
    : `the reference features, not here: ${reference}`,
  () => {
    test.each([
      ['nothing', new Float32Array(0)],
      ['one sample', Float32Array.of(0.5)],
      ['a short frame', sweep(1).subarray(0, 333)],
      ['an odd length', sweep(1).subarray(0, 9999)],
      ['two seconds', sweep(2)],
      ['just eight seconds', sweep(8)],
      ['ten seconds', sweep(10)],
      ['almost eight seconds', sweep(8).subarray(0, 127_900)],
      ['silence', new Float32Array(30_000)],
      ['a constant', new Float32Array(30_000).fill(0.25)],
    ])('%s', async (_what, audio) => {
      const expected: Float32Array = (await import(reference)).logMel(audio);
      const features = logMel(audio);
      const worst = features.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
        0,
      );
      expect(worst).toBeLessThan(1e-5);
    });
  },
);

test('a sweep has its features', () => {
  const features = logMel(sweep(3));
  expect(features.length).toBe(BANDS * FRAMES);
  const at = (band: number, frame: number) => features[band * FRAMES + frame];
  const pinned = [at(0, 0), at(10, 505), at(20, 600), at(40, 700), at(79, 799)];
  const figures = [0.714654, 0.474553, 1.70335, -0.171409, 0.065006];
  for (const [i, figure] of figures.entries()) expect(pinned[i]).toBeCloseTo(figure, 5);
});

test('the last eight seconds count, and all of silence is alike', () => {
  const long = sweep(12);
  expect(logMel(long)).toEqual(logMel(long.subarray(4 * 16_000)));
  const silence = logMel(new Float32Array(16_000));
  expect(new Set(silence).size).toBe(1);
});
