import { describe, expect, test } from 'vitest';
import { callActivities } from './call-activities.ts';
import { CallError, type CallErrorCode } from './call-error.ts';
import type { Carrier, DialOrder } from './carrier.ts';
import { planOf } from './contracts/example-calls.ts';
import type { LifeEvent } from './lifecycle.ts';
import { MemoryCallStore } from './memory/memory-call-store.ts';
import { outcome } from './outcome.ts';

const PLAN = planOf({ id: 'call-1', maxDurationMs: 600_000, ringTimeoutMs: 30_000 });

class DialledCarrier implements Carrier {
  failure: unknown = null;
  readonly orders: (DialOrder & { sinceMs?: number })[] = [];

  async dial(order: DialOrder): Promise<string> {
    this.orders.push(order);
    if (this.failure) throw this.failure;
    return 'CA1';
  }

  async find(order: DialOrder, sinceMs: number): Promise<null> {
    this.orders.push({ ...order, sinceMs });
    return null;
  }

  lookUp = async () => null;
  hangUp = async () => {};
  transfer = async () => {};
  sendDigits = async () => {};
}

function open(announce: (event: LifeEvent) => void = () => {}) {
  const carrier = new DialledCarrier();
  const store = new MemoryCallStore();
  const told: LifeEvent[] = [];
  const forgotten: string[] = [];
  const activities = callActivities({
    ...{ carrier, store, now: () => 1_000 },
    sessions: { end: async (callId) => void forgotten.push(callId) },
    announce: (event) => {
      announce(event);
      told.push(event);
    },
  });
  return { activities, carrier, store, told, forgotten };
}

describe('beginning', () => {
  test('keeps the call as it began, and tells of it', async () => {
    const { activities, store, told } = open();
    expect(await activities.begin(PLAN, null, 500)).toBe(true);
    expect(await store.find('call-1')).toMatchObject({ createdAtMs: 500, phase: 'queued' });
    expect(told).toMatchObject([{ type: 'phase', call: { id: 'call-1', phase: 'queued' } }]);
  });

  test('again says whether it may still be dialled', async () => {
    const { activities, store } = open();
    await activities.begin(PLAN, null, 500);
    expect(await activities.begin(PLAN, null, 600)).toBe(true);
    await activities.dial(PLAN);
    expect(await activities.begin(PLAN, null, 700)).toBe(false);
    await store.create({ ...PLAN, id: 'call-2' }, 500, null);
    await store.settle('call-2', outcome('canceled'), 600);
    expect(await activities.begin({ ...PLAN, id: 'call-2' }, null, 700)).toBe(false);
  });
});

describe('a dial', () => {
  test('is kept before it is made, and ends by the carrier only after the script', async () => {
    const { activities, carrier, store } = open();
    await activities.begin(PLAN, null, 500);
    expect(await activities.dial(PLAN)).toEqual({ type: 'dialled', carrierCallId: 'CA1' });
    expect((await store.find('call-1'))?.dialledAtMs).toBe(1_000);
    expect(carrier.orders[0]).toMatchObject({ callId: 'call-1', maxDurationMs: 660_000 });
  });

  test.each([
    ['carrier-refused', 21211, 'number-refused'],
    ['carrier-refused', 21214, 'number-refused'],
    ['carrier-refused', 21215, 'number-refused'],
    ['carrier-refused', 21216, 'number-refused'],
    ['carrier-refused', 21217, 'number-refused'],
    ['carrier-refused', 21219, 'number-refused'],
    ['carrier-refused', 21210, 'dial-refused'],
    ['carrier-refused', 21212, 'dial-refused'],
    ['carrier-refused', 20003, 'dial-refused'],
    ['carrier-refused', 10004, 'dial-refused'],
    ['carrier-refused', null, 'dial-refused'],
    ['bad-number', null, 'number-refused'],
    ['carrier-busy', 20429, 'carrier-down'],
    ['carrier-unavailable', null, 'carrier-down'],
  ] as const)('that fails with %s %s is %s', async (code, carrierCode, reason) => {
    const { activities, carrier } = open();
    carrier.failure = new CallError(code, 'no', { carrierCode });
    expect(await activities.dial(PLAN)).toEqual({ type: 'failed', reason });
  });

  test.each([
    new CallError('carrier-ambiguous', 'no answer'),
    new CallError('store-unavailable' satisfies CallErrorCode, 'elsewhere'),
    new TypeError('a bug'),
  ])('that does not surely say that nothing rings is ambiguous: %s', async (failure) => {
    const { activities, carrier } = open();
    carrier.failure = failure;
    expect(await activities.dial(PLAN)).toEqual({ type: 'ambiguous' });
  });

  test('that is unclear is looked for from the moment it was made', async () => {
    const { activities, carrier } = open();
    await activities.begin(PLAN, null, 500);
    await activities.find(PLAN);
    await activities.dial(PLAN);
    await activities.find(PLAN);
    expect(carrier.orders.map(({ sinceMs }) => sinceMs)).toEqual([500, undefined, 1_000]);
  });
});

describe('an end', () => {
  test('is told once, and the session forgotten', async () => {
    const { activities, told, forgotten } = open();
    await activities.begin(PLAN, null, 500);
    await activities.settle(PLAN, outcome('busy'), 900);
    expect(told.slice(1)).toMatchObject([{ type: 'ended', call: { phase: 'ended' } }]);
    expect(forgotten).toEqual(['call-1']);
  });

  test('that could not be told is told when it is settled again', async () => {
    let failures = 1;
    const { activities, told } = open(({ type }) => {
      if (type === 'ended' && failures-- > 0) throw new Error('nobody listens');
    });
    await activities.begin(PLAN, null, 500);
    await expect(activities.settle(PLAN, outcome('busy'), 900)).rejects.toThrow('nobody listens');
    await activities.settle(PLAN, outcome('busy'), 900);
    expect(told.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  test('that was another before is not told', async () => {
    const { activities, told, store } = open();
    await activities.begin(PLAN, null, 500);
    await activities.settle(PLAN, outcome('busy'), 900);
    await activities.settle(PLAN, outcome('completed'), 950);
    expect(told.filter(({ type }) => type === 'ended')).toHaveLength(1);
    expect((await store.find('call-1'))?.outcome?.reason).toBe('busy');
  });

  test('is kept though the session cannot be forgotten', async () => {
    const store = new MemoryCallStore();
    const sessions = { end: () => Promise.reject(new CallError('store-unavailable', 'down')) };
    const carrier = new DialledCarrier();
    const activities = callActivities({ carrier, store, sessions, announce: () => {} });
    await activities.begin(PLAN, null, 500);
    await activities.settle(PLAN, outcome('busy'), 900);
    expect((await store.find('call-1'))?.phase).toBe('ended');
  });
});

describe('a note', () => {
  test('tells of a new phase, and of nothing else', async () => {
    const { activities, told } = open();
    await activities.begin(PLAN, null, 500);
    await activities.note(PLAN, { carrierCallId: 'CA1' });
    await activities.note(PLAN, { phase: 'ringing', ringingAtMs: 600 });
    expect(told.slice(1)).toMatchObject([{ type: 'phase', call: { phase: 'ringing' } }]);
  });

  test('that comes after the end tells nothing', async () => {
    const { activities, told } = open();
    await activities.begin(PLAN, null, 500);
    await activities.settle(PLAN, outcome('busy'), 900);
    await activities.note(PLAN, { phase: 'ringing', ringingAtMs: 600 });
    expect(told.map(({ type }) => type)).toEqual(['phase', 'ended']);
  });
});
