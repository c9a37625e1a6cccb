import { MemoryLiveEvents } from '@earshot/calls';
import { planOf } from '@earshot/calls/contracts';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { ScriptedDesk } from './scripted-desk.fake.ts';
import { WarmAgents } from './warm-agents.ts';

const PLAN = planOf({ id: 'call-1', ringTimeoutMs: 60_000 });

afterEach(() => {
  vi.useRealTimers();
});

function open({ most = 100 } = {}) {
  const desk = new ScriptedDesk();
  const events = new MemoryLiveEvents();
  const warm = new WarmAgents({
    log: pino({ level: 'silent' }),
    sessions: { announce: async () => {} },
    events,
    most,
    instance: 'a',
    now: () => 0,
  });
  const rings = (callId: string) =>
    events.tell({ callId, serial: 0, type: 'phase', atMs: 0, data: { phase: 'ringing' } });
  return { desk, warm, rings };
}

test('a warm agent waits as long as a phone may ring, and then some, but not for ever', async () => {
  vi.useFakeTimers();
  const { desk, warm } = open();
  await using _ = warm;
  warm.open(desk);
  warm.warm(PLAN);
  vi.advanceTimersByTime(80_000);
  expect(warm.size).toBe(1);
  vi.advanceTimersByTime(20_000);
  expect(warm.size).toBe(0);
  expect(desk.agents[0]?.closed).toBe(true);
});

test('a call that waited long to be dialled is warm when it rings, and so is one that had no place', async () => {
  vi.useFakeTimers();
  const { desk, warm, rings } = open({ most: 1 });
  await using _ = warm;
  warm.open(desk);
  warm.warm(PLAN);
  warm.warm({ ...PLAN, id: 'call-2' });
  vi.advanceTimersByTime(100_000);
  expect(warm.size).toBe(0);
  rings('call-1');
  await vi.waitFor(() => expect(warm.size).toBe(1));
  expect(warm.claim('call-1')).not.toBeNull();
  rings('call-1');
  rings('call-2');
  await vi.waitFor(() => expect(warm.size).toBe(1));
  expect(warm.claim('call-2')).not.toBeNull();
  expect(desk.agents).toHaveLength(3);
});

test('of calls that nobody hears the end of, the oldest are forgotten', async () => {
  const { desk, warm, rings } = open({ most: 1 });
  await using _ = warm;
  warm.open(desk);
  warm.warm(PLAN);
  for (let i = 0; i <= 20_000; i++) warm.warm({ ...PLAN, id: `missed-${i}` });
  warm.drop(PLAN.id);
  rings('missed-0');
  rings('missed-1');
  await vi.waitFor(() => expect(warm.size).toBe(1));
  expect(warm.claim('missed-0')).toBeNull();
  expect(warm.claim('missed-1')).not.toBeNull();
});

test('a message of a caller who is not there yet has no taker; later it has', async () => {
  const { desk, warm } = open();
  await using _ = warm;
  warm.open(desk);
  warm.warm(PLAN);
  const message = { name: '', number: '', message: 'Hello' };
  const { keep } = desk.agents[0]?.call ?? { keep: () => true };
  expect(keep(message)).toBe(false);
  const taken: unknown[] = [];
  warm.claim('call-1')?.attach((one) => taken.push(one) > 0);
  expect(keep(message)).toBe(true);
  expect(taken).toEqual([message]);
});

test('nobody is warm before there is a desk, and everybody is let go at the end', async () => {
  const { desk, warm } = open();
  warm.warm(PLAN);
  expect(warm.size).toBe(0);
  warm.open(desk);
  warm.warm(PLAN);
  await warm[Symbol.asyncDispose]();
  expect(desk.agents[0]?.closed).toBe(true);
  warm.warm({ ...PLAN, id: 'call-2' });
  expect(warm.size).toBe(0);
});
