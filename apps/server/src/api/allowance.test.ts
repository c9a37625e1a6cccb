import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

test('each name has so many an interval, refilled evenly', () => {
  let now = 0;
  const allowance = new Allowance(2, 1_000, () => now);
  expect([allowance.take('a'), allowance.take('a'), allowance.take('a')]).toEqual([
    null,
    null,
    500,
  ]);
  expect(allowance.take('b')).toBeNull();
  now = 499;
  expect(allowance.take('a')).toBeCloseTo(1);
  now = 500;
  expect(allowance.take('a')).toBeNull();
  now = 100_000;
  expect([allowance.take('a'), allowance.take('a'), allowance.take('a')]).toEqual([
    null,
    null,
    500,
  ]);
});

test('strangers with ever new names take no more than a bounded room', () => {
  const allowance = new Allowance(1, 1_000, () => 0);
  allowance.take('first');
  for (let i = 0; i < 50_001; i += 1) allowance.take(`stranger ${i}`);
  expect(allowance.take('stranger 50000')).not.toBeNull();
  expect(allowance.take('first')).toBeNull();
});
