import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('so many in any stretch of the window, each name for itself', () => {
  const limit = new RateLimit({ most: 2, windowMs: 1000 });
  expect([0, 500, 900].map((nowMs) => limit.take('a', nowMs))).toEqual([true, true, false]);
  expect(limit.waitMs('a', 900)).toBe(100);
  expect(limit.take('b', 900)).toBe(true);
  expect([999, 1000, 1001].map((nowMs) => limit.take('a', nowMs))).toEqual([false, true, false]);
  expect(limit.waitMs('a', 1001)).toBe(499);
  expect(limit.waitMs('a', 1500)).toBe(0);
  expect(limit.waitMs('nobody', 0)).toBe(0);
});

test('no window ever holds more than the limit, and nobody waits in vain', () => {
  const steps = fc.array(fc.nat(400), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 6 }), (gaps, most) => {
      const limit = new RateLimit({ most, windowMs: 1000 });
      const taken: number[] = [];
      let nowMs = 0;
      for (const gapMs of gaps) {
        nowMs += gapMs;
        const isFree = taken.filter((atMs) => atMs > nowMs - 1000).length < most;
        expect(limit.waitMs('a', nowMs) === 0).toBe(isFree);
        expect(limit.take('a', nowMs)).toBe(isFree);
        if (isFree) taken.push(nowMs);
        const waitMs = limit.waitMs('a', nowMs);
        expect(limit.waitMs('a', nowMs + waitMs)).toBe(0);
      }
    }),
  );
});

test('names are bounded: those last taken longest ago are forgotten', () => {
  const limit = new RateLimit({ most: 1, windowMs: 1000, mostNames: 2 });
  for (const [i, name] of ['a', 'b', 'c'].entries()) limit.take(name, i);
  expect(['a', 'b', 'c'].map((name) => limit.waitMs(name, 3))).toEqual([0, 998, 999]);
});

test('a clock that is set back makes nobody wait longer than the window', () => {
  const limit = new RateLimit({ most: 1, windowMs: 1000 });
  limit.take('a', 1_000_000);
  expect(limit.waitMs('a', 5)).toBe(1000);
});

test.each([0, -1, Number.NaN])('a limit of %d is none', (most) => {
  expect(() => new RateLimit({ most, windowMs: 1000 })).toThrow(RangeError);
});
