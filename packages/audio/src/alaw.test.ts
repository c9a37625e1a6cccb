import { expect, test } from 'vitest';
import { decodeAlaw, encodeAlaw } from './alaw.ts';

// G.711 table 1: decision values on the 13-bit scale. 32 intervals of 2, and then six segments of 16
// intervals, each twice as wide as those of the segment before.
const DECISIONS = [0];
for (const [width, count] of [[2, 32], ...[4, 8, 16, 32, 64, 128].map((w) => [w, 16])]) {
  for (let i = 0; i < (count ?? 0); i++) DECISIONS.push((DECISIONS.at(-1) ?? 0) + (width ?? 0));
}

// Table 1: the value of a code lies in the middle of its interval.
const decoded = (interval: number): number =>
  ((DECISIONS[interval] ?? 0) + (DECISIONS[interval + 1] ?? 0)) / 2;

// Positive codes have the sign bit set; every even bit, counted from 1 at the left, is inverted.
const onTheLine = (negative: boolean, interval: number): number =>
  (interval + (negative ? 0 : 128)) ^ 0b0101_0101;

function code(sample: number): number {
  const magnitude = 2 * Math.floor((sample < 0 ? -sample - 1 : sample) / 16);
  const interval = DECISIONS.slice(1, -1).filter((decision) => decision <= magnitude).length;
  return onTheLine(sample < 0, interval);
}

test('the decision values end where the standard says', () => {
  expect(DECISIONS).toHaveLength(129);
  expect(DECISIONS.at(-1)).toBe(4096);
});

test('all 65,536 samples get the code of the standard', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  expect(encodeAlaw(samples)).toEqual(Uint8Array.from(samples, code));
});

test('all 256 codes get the sample of the standard', () => {
  for (let interval = 0; interval < 128; interval++) {
    for (const sign of [1, -1]) {
      const codes = Uint8Array.of(onTheLine(sign < 0, interval));
      expect(decodeAlaw(codes)).toEqual(Int16Array.of(sign * 8 * decoded(interval)));
    }
  }
});

test('codes survive the way to samples and back', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(encodeAlaw(decodeAlaw(codes))).toEqual(codes);
});
