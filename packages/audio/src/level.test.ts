import { expect, test } from 'vitest';
import { levelDbfs, peak } from './level.ts';

test('a full-scale square wave is at 0 dBFS and a full-scale sine 3 dB below', () => {
  const square = Int16Array.from({ length: 80 }, (_, i) => (i % 2 ? -32_768 : 32_767));
  const sine = Int16Array.from({ length: 80 }, (_, i) => 32_767 * Math.sin((Math.PI * i) / 4));
  expect(levelDbfs(square)).toBeCloseTo(0, 2);
  expect(levelDbfs(sine)).toBeCloseTo(-3.01, 2);
});

test('silence and no samples at all are at -100 dBFS', () => {
  expect(levelDbfs(new Int16Array(160))).toBe(-100);
  expect(levelDbfs(new Int16Array())).toBe(-100);
  expect(levelDbfs(Int16Array.of(1, ...new Int16Array(15_999)))).toBe(-100);
});

test('the peak is the largest magnitude, also of the lowest sample', () => {
  expect(peak(Int16Array.of(3, -7, 5))).toBe(7);
  expect(peak(Int16Array.of(-32_768))).toBe(32_768);
  expect(peak(new Int16Array())).toBe(0);
});
