import { CallError, type DialOrder } from '@earshot/calls';
import { expect, test } from 'vitest';
import { UnclearDials } from './unclear-dials.ts';

const order: DialOrder = {
  callId: 'call-1',
  to: '+15005550001',
  from: '+15005550006',
  ringTimeoutMs: 30_000,
  maxDurationMs: 60_000,
  machineDetection: 'off',
};
const rival = { ...order, callId: 'call-2' };

async function unclear(dials: UnclearDials, dialled: DialOrder): Promise<void> {
  const lost = () => Promise.reject(new CallError('carrier-ambiguous', 'lost'));
  await dials.during(dialled, lost).catch(() => {});
}

test('a dial that is under way is a rival of any other between the same numbers', async () => {
  const dials = new UnclearDials();
  const { promise, resolve } = Promise.withResolvers<string>();
  const dialling = dials.during(rival, () => promise);
  expect(dials.rivalsOf(order, Number.MAX_SAFE_INTEGER)).toEqual(['call-2']);
  expect(dials.rivalsOf(rival, 0)).toEqual([]);
  expect(dials.rivalsOf({ ...order, from: '+15005550007' }, 0)).toEqual([]);
  resolve('CA1');
  await dialling;
  expect(dials.rivalsOf(order, 0)).toEqual([]);
  expect(dials.ownerOf('CA1')).toBe('call-2');
  expect(dials.ownerOf('CA2')).toBeNull();
});

test('an unclear dial is a rival of those that were dialled before it was given up', async () => {
  const dials = new UnclearDials(() => 1_000);
  await unclear(dials, rival);
  expect(dials.rivalsOf(order, 1_000)).toEqual(['call-2']);
  expect(dials.rivalsOf(order, 1_001)).toEqual([]);
  dials.settle('call-2', 'CA2');
  expect(dials.rivalsOf(order, 0)).toEqual([]);
});

test('the oldest are forgotten, so that a long life needs no more room', async () => {
  const dials = new UnclearDials(() => 0);
  for (let i = 0; i <= 10_000; i++) {
    dials.settle(`call-${i}`, `CA${i}`);
    await unclear(dials, { ...order, callId: `lost-${i}` });
  }
  expect(dials.ownerOf('CA0')).toBeNull();
  expect(dials.ownerOf('CA1')).toBe('call-1');
  expect(dials.rivalsOf(order, 0)).toHaveLength(10_000);
});
