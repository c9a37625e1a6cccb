import { expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

const most = () => 1;
const least = () => 0;

test('without a wish it is a random part of a doubling time', () => {
  expect([1, 2, 3, 9].map((tries) => retryDelayMs(null, tries, most))).toEqual([
    400, 800, 1_600, 3_000,
  ]);
  expect(retryDelayMs(null, 3, least)).toBe(0);
});

test('a wish in seconds, or as a date, is the least', () => {
  const now = () => Date.UTC(2026, 10, 21, 12, 0, 0);
  expect(retryDelayMs('2', 1, least)).toBe(2_000);
  expect(retryDelayMs(' 0 ', 1, most)).toBe(400);
  expect(retryDelayMs('Sat, 21 Nov 2026 12:00:05 GMT', 1, least, now)).toBe(5_000);
  expect(retryDelayMs('Sat, 21 Nov 2026 11:00:00 GMT', 1, least, now)).toBe(0);
});

test('a wish that makes no sense counts as none', () => {
  for (const rubbish of ['', '-5', 'soon', '1e9'])
    expect(retryDelayMs(rubbish, 1, least, () => Number.MAX_SAFE_INTEGER)).toBe(0);
});

test('a long wish is not waited for', () => {
  expect(retryDelayMs('11', 1, least)).toBeNull();
  expect(retryDelayMs('999999999', 1, least)).toBeNull();
});
