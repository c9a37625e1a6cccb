import { CallError, MemoryCallStore, outcome } from '@earshot/calls';
import { expect, test } from 'vitest';
import { CallPlans } from './call-plans.ts';
import { CallSids } from './twilio/call-sids.ts';
import { inboundPlan } from './twilio/inbound-plan.ts';

const plan = inboundPlan({ callSid: 'CA1', from: '+1', to: '+2' }, 60_000);
const SOON = { maxDurationMs: 60_000, patienceMs: 1 };
const away = async () => {
  throw new CallError('store-unavailable', 'away');
};

test('a plan is known to whoever kept it, also while the record is away', async () => {
  const plans = new CallPlans({ ...SOON, store: { find: away } });
  const ordered = { ...plan, id: 'call-2' };
  expect(await plans.find(ordered.id)).toBeNull();
  plans.keep(ordered);
  expect(await plans.find(ordered.id)).toEqual(ordered);
  plans.forget(ordered.id);
  expect(await plans.find(ordered.id)).toBeNull();
});

test('an incoming call is answered also where nobody can tell of it, or nobody tells', async () => {
  const expected = { ...plan, from: '', to: '' };
  const never = new Promise<null>(() => {});
  for (const find of [away, async () => null, () => never])
    expect(await new CallPlans({ ...SOON, store: { find } }).find(plan.id)).toEqual(expected);
});

test('a record that comes a moment later is waited for', async () => {
  const store = new MemoryCallStore();
  const { find } = store;
  let asked = 0;
  store.find = async (callId) => {
    asked += 1;
    if (asked === 2) await store.create({ ...plan, from: '+3' }, 1, 'CA1');
    return find.call(store, callId);
  };
  const plans = new CallPlans({ store, maxDurationMs: 1 });
  expect(await plans.find(plan.id)).toMatchObject({ from: '+3' });
});

test('another instance finds it in the record, until the call has ended', async () => {
  const store = new MemoryCallStore();
  const plans = new CallPlans({ ...SOON, store });
  await store.create(plan, 1, 'CA1');
  expect(await plans.find(plan.id)).toMatchObject(plan);
  await store.settle(plan.id, outcome('completed'), 2);
  expect(await plans.find(plan.id)).toBeNull();
});

test('a carrier’s id is known by what was told, by the record, or taken for an incoming call’s', async () => {
  const store = new MemoryCallStore();
  await store.create({ ...plan, id: 'call-2', direction: 'outbound' }, 1, 'CA2');
  const sids = new CallSids(store);
  sids.learn('CA3', 'call-3');
  expect(await sids.callIdOf('CA3')).toBe('call-3');
  expect(await sids.callIdOf('CA2')).toBe('call-2');
  expect(await sids.callIdOf('CA1')).toBe(plan.id);
  expect(await new CallSids({ findByCarrierId: away }).callIdOf('CA1')).toBe(plan.id);
});

test('how often a call was brought back is counted, and not forgotten when it is mentioned', () => {
  const sids = new CallSids({ findByCarrierId: async () => null });
  expect(sids.returned('CA1', 'call-1')).toBe(1);
  sids.learn('CA1', 'call-1');
  expect(sids.returned('CA1', 'call-1')).toBe(2);
});
