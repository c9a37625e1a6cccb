import { expect, test } from 'vitest';
import { CallError } from '../call-error.ts';
import { planOf } from '../contracts/example-calls.ts';
import { StoryParts } from '../contracts/story-stage.fake.ts';
import { VirtualClock } from '../contracts/virtual-clock.fake.ts';
import type { CallActivities } from '../world.ts';
import { EmbeddedLifecycle } from './embedded-lifecycle.ts';

const { signal } = new AbortController();

const PLAN = planOf({ id: 'call-1', maxDurationMs: 600_000, ringTimeoutMs: 30_000 });

function open(changes: Partial<CallActivities> = {}, maxCalls = 10) {
  const clock = new VirtualClock();
  const parts = new StoryParts(clock);
  const activities = { ...parts.activities, ...changes };
  const failures: string[] = [];
  const failed = (activity: string) => void failures.push(activity);
  const { store } = parts;
  const lifecycle = new EmbeddedLifecycle({ activities, store, clock, maxCalls, failed });
  parts.connect(lifecycle);
  return { clock, parts, lifecycle, failures };
}

test('an outbound call that cannot be kept is not begun', async () => {
  const { parts, lifecycle, clock } = open();
  parts.storeIsDown = true;
  const order = lifecycle.start(PLAN, null, signal);
  await expect(order).rejects.toMatchObject({ code: 'lifecycle-unavailable', retryable: true });
  parts.storeIsDown = false;
  await clock.pass(60_000);
  expect(parts.carrier.dials).toBe(0);
  expect(await lifecycle.state('call-1', signal)).toBeNull();
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(1_000);
  expect(parts.carrier.dials).toBe(1);
});

/** The row is made, and then the order fails. */
function openHalf() {
  const half = { fails: true };
  const opened: ReturnType<typeof open> = open({
    begin: async (...order) => {
      const first = await opened.parts.activities.begin(...order);
      if (half.fails) throw new CallError('store-unavailable', 'It is away');
      return first;
    },
  });
  return { half, ...opened };
}

test('a call whose row is there, though its order failed, does not stay open', async () => {
  const { lifecycle, parts, clock } = openHalf();
  const order = lifecycle.start(PLAN, null, signal);
  const again = lifecycle.start(PLAN, null, signal);
  for (const answer of [order, again])
    await expect(answer).rejects.toMatchObject({ code: 'lifecycle-unavailable' });
  expect(await parts.store.open()).toHaveLength(1);
  await clock.pass(61_000);
  expect((await parts.store.find('call-1'))?.outcome?.reason).toBe('not-dialled');
  expect(parts.carrier.dials).toBe(0);
});

test('… and is dialled once when it is ordered again', async () => {
  const { half, lifecycle, parts, clock } = openHalf();
  await expect(lifecycle.start(PLAN, null, signal)).rejects.toThrow();
  half.fails = false;
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(61_000);
  expect((await parts.store.find('call-1'))?.outcome?.reason).not.toBe('not-dialled');
});

test('no more calls are hosted than were agreed on', async () => {
  const { lifecycle } = open({}, 2);
  for (const id of ['call-1', 'call-2']) await lifecycle.start({ ...PLAN, id }, null, signal);
  const third = lifecycle.start({ ...PLAN, id: 'call-3' }, null, signal);
  await expect(third).rejects.toMatchObject({ code: 'lifecycle-unavailable' });
  await lifecycle.start(PLAN, null, signal);
  expect(lifecycle.size).toBe(2);
});

test('once disposed it takes no call, and whoever waits is told', async () => {
  const { lifecycle, parts, clock } = open();
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(1_000);
  const end = lifecycle.outcome('call-1', signal);
  const refused = expect(end).rejects.toMatchObject({ code: 'lifecycle-unavailable' });
  await lifecycle[Symbol.asyncDispose]();
  await refused;
  await lifecycle[Symbol.asyncDispose]();
  const again = lifecycle.start({ ...PLAN, id: 'call-2' }, null, signal);
  await expect(again).rejects.toMatchObject({ code: 'lifecycle-unavailable' });
  expect(parts.carrier.live).toHaveLength(1);
  expect((await parts.store.find('call-1'))?.phase).toBe('answered');
});

test('once disposed it holds no place in the queue', async () => {
  let place: AbortSignal | undefined;
  const turn: CallActivities['turn'] = (_plan, stopped) => {
    place = stopped;
    return new Promise(() => {});
  };
  const { lifecycle, clock } = open({ turn });
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(1_000);
  expect(place?.aborted).toBe(false);
  await lifecycle[Symbol.asyncDispose]();
  expect(place?.aborted).toBe(true);
});

test('a step that never works is given up, told of, and holds up no other call', async () => {
  const note = () => Promise.reject(new TypeError('a bug'));
  const { lifecycle, parts, clock, failures } = open({ note });
  parts.carrier.callee = { ...parts.carrier.callee, does: 'busy' };
  await lifecycle.start(PLAN, null, signal);
  await clock.until(() => lifecycle.size === 0);
  expect(failures.length).toBeLessThan(50);
  expect((await parts.store.find('call-1'))?.outcome?.reason).toBe('busy');
});

test('a call whose end can never be kept is let go, and whoever waits for it is told', async () => {
  const settle = () => Promise.reject(new TypeError('a bug'));
  const { lifecycle, parts, clock } = open({ settle });
  parts.carrier.callee = { ...parts.carrier.callee, does: 'busy' };
  await lifecycle.start(PLAN, null, signal);
  const end = expect(lifecycle.outcome('call-1', signal)).rejects.toThrow('a bug');
  await clock.until(() => lifecycle.size === 0);
  await end;
  expect(await parts.store.open()).toHaveLength(1);
});

test('the state tells the end as soon as it is decided, even while it cannot be kept', async () => {
  const { lifecycle, parts, clock } = open();
  parts.carrier.callee = { ...parts.carrier.callee, does: 'busy' };
  await lifecycle.start(PLAN, null, signal);
  parts.storeIsDown = true;
  await clock.until(async () => (await lifecycle.state('call-1', signal))?.phase === 'ended');
  expect((await lifecycle.state('call-1', signal))?.outcome?.reason).toBe('busy');
  const late = lifecycle.report('call-1', { type: 'terminate', atMs: 0 }, signal);
  await expect(late).rejects.toMatchObject({ code: 'call-not-found' });
  parts.storeIsDown = false;
  expect((await parts.store.find('call-1'))?.phase).toBe('queued');
  await clock.until(() => lifecycle.size === 0);
  expect((await parts.store.find('call-1'))?.phase).toBe('ended');
});

test('a call whose row says that it is over is not begun again', async () => {
  const { lifecycle, parts, clock } = open();
  await parts.store.create(PLAN, clock.now(), null);
  await parts.store.settle(PLAN.id, { blame: 'nobody', reason: 'canceled' }, clock.now());
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(60_000);
  expect(parts.carrier.dials).toBe(0);
  expect(lifecycle.size).toBe(0);
});

test('a call whose row was made before is begun', async () => {
  const { lifecycle, parts, clock } = open();
  await parts.store.create(PLAN, clock.now(), null);
  await lifecycle.start(PLAN, null, signal);
  await clock.pass(1_000);
  expect(parts.carrier.dials).toBe(1);
});

test('a call whose row says that it was dialled is followed, and not dialled again', async () => {
  const { lifecycle, parts, clock } = open();
  parts.carrier.callbackManners = () => [];
  const carrierCallId = await dialledElsewhere(parts, clock);
  await lifecycle.start(PLAN, null, signal);
  await clock.until(() => lifecycle.size === 0);
  expect(parts.carrier.dials).toBe(1);
  expect(await parts.store.find('call-1')).toMatchObject({
    ...{ carrierCallId, outcome: { reason: 'busy' } },
  });
});

async function dialledElsewhere(parts: StoryParts, clock: VirtualClock): Promise<string> {
  parts.carrier.callee = { ...parts.carrier.callee, ringsMs: 5_000, does: 'busy' };
  await parts.store.create(PLAN, clock.now(), null);
  const dialled = parts.activities.dial(PLAN);
  await clock.pass(1_000);
  const result = await dialled;
  const carrierCallId = result.type === 'dialled' ? result.carrierCallId : '';
  await parts.store.note(PLAN.id, { carrierCallId });
  return carrierCallId;
}
