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

test('an incoming call’s id tells of the carrier’s, on every instance', () => {
  const sids = new CallSids(new MemoryCallStore());
  expect(sids.mayBe('CA1', 'call-CA1')).toBe(true);
  expect(sids.mayBe('CA2', 'call-CA1')).toBe(false);
});
