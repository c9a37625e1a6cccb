import { MemoryCallStore } from '@earshot/calls';
import { expect, test } from 'vitest';
import { CallSids } from './call-sids.ts';

test('a stream of one call with the pass of another is known for what it is', () => {
  const sids = new CallSids(new MemoryCallStore());
  sids.learn('CA1', 'call-1');
  sids.learn('CA2', 'call-2');
  expect(sids.mayBe('CA1', 'call-1')).toBe(true);
  expect(sids.mayBe('CA2', 'call-1')).toBe(false);
  expect(sids.mayBe('CA3', 'call-1')).toBe(false);
  expect(sids.mayBe('CA1', 'call-3')).toBe(false);
  expect(sids.mayBe('CA3', 'call-3')).toBe(true);
});

test('a line that is lost now and then in a long call is brought back each time', () => {
  let nowMs = 0;
  const sids = new CallSids(new MemoryCallStore(), () => nowMs);
  const lost = (afterMs: number) => {
    nowMs += afterMs;
    return sids.returned('CA1', 'call-1');
  };
  expect([lost(0), lost(10_000), lost(10_000)]).toEqual([1, 2, 3]);
  expect([lost(600_000), lost(110_000), lost(110_000)]).toEqual([1, 2, 2]);
});

test('an incoming call’s id tells of the carrier’s, on every instance', () => {
  const sids = new CallSids(new MemoryCallStore());
  expect(sids.mayBe('CA1', 'call-CA1')).toBe(true);
  expect(sids.mayBe('CA2', 'call-CA1')).toBe(false);
});
