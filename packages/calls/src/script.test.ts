import { expect, test } from 'vitest';
import { planOf } from './contracts/example-calls.ts';
import { StoryParts } from './contracts/story-stage.fake.ts';
import { VirtualClock } from './contracts/virtual-clock.fake.ts';
import { EmbeddedWorld } from './embedded/embedded-world.ts';
import type { Outcome } from './outcome.ts';
import { NO_PROGRESS } from './progress.ts';
import type { CallReport } from './report.ts';
import { runCall } from './script.ts';
import type { CallActivities } from './world.ts';

class Cancelled extends Error {}

/** A world whose host may cancel the script, as a workflow's can. */
class CancellableWorld extends EmbeddedWorld {
  #cancel: ((error: Cancelled) => void) | null = null;
  #cleansUp = false;

  cancel(): void {
    this.#cancel?.(new Cancelled());
  }

  override until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const waiting = super.until(condition, timeoutMs);
    if (this.#cleansUp) return waiting;
    const cancelled = Promise.withResolvers<boolean>();
    this.#cancel = cancelled.reject;
    return Promise.race([waiting, cancelled.promise]);
  }

  override uncancellable<T>(work: () => Promise<T>): Promise<T> {
    this.#cleansUp = true;
    return work();
  }

  override isCancellation(error?: unknown): boolean {
    return error instanceof Cancelled;
  }
}

const PLAN = planOf({ id: 'call-1', ringTimeoutMs: 30_000, maxDurationMs: 600_000 });

function open(changes: Partial<CallActivities> = {}) {
  const clock = new VirtualClock();
  const parts = new StoryParts(clock);
  const activities = { ...parts.activities, ...changes };
  const world = new CancellableWorld(activities, NO_PROGRESS, clock);
  parts.connect({
    start: async () => {},
    report: async (_callId: string, report: CallReport) => world.learn(report),
    state: async () => null,
    outcome: () => new Promise(() => {}),
  });
  parts.carrier.callee = { ...parts.carrier.callee, ringsMs: 5_000 };
  const ends: Outcome[] = [];
  const decided: Outcome[] = [];
  const options = { decided: (end: Outcome) => void decided.push(end) };
  void runCall(PLAN, world, options).then((end) => ends.push(end));
  const ended = async () => {
    await clock.until(() => ends.length > 0);
    expect(decided).toEqual(ends);
    expect(parts.carrier.live).toEqual([]);
    return ends[0]?.reason;
  };
  return { clock, parts, world, ended };
}

test('a script that is cancelled while it rings ends the phone leg', async () => {
  const { clock, parts, world, ended } = open();
  await clock.pass(2_000);
  world.cancel();
  expect(await ended()).toBe('canceled');
  expect(parts.carrier.calls[0]).toMatchObject({ status: 'canceled', endedByUs: true });
});

test('a script that is cancelled in mid-call ends it', async () => {
  const { clock, parts, world, ended } = open();
  await clock.pass(10_000);
  world.cancel();
  expect(await ended()).toBe('terminated');
  expect((await parts.store.find('call-1'))?.outcome?.reason).toBe('terminated');
});

test('a script that is cancelled while nobody knows whether it rings looks for the call first', async () => {
  const { clock, parts, world, ended } = open();
  parts.carrier.dialManners = { type: 'loses-answer', foundAfterMs: 4_000 };
  parts.carrier.callbackManners = () => [];
  parts.carrier.callee = { ...parts.carrier.callee, ringsMs: 29_000 };
  await clock.pass(1_000);
  world.cancel();
  expect(await ended()).toBe('canceled');
  expect(parts.carrier.calls).toMatchObject([{ status: 'canceled', endedByUs: true }]);
});

test('a dial that fails in a way nobody foresaw is looked for, not repeated', async () => {
  const { parts, ended } = open({
    dial: async (plan) => {
      await parts.activities.dial(plan);
      throw new TypeError('the worker died');
    },
  });
  parts.carrier.callee = { ...parts.carrier.callee, talksMs: 3_000 };
  expect(await ended()).toBe('completed');
  expect(parts.carrier.dials).toBe(1);
});

test('a call that cannot be begun ends as our own error', async () => {
  const { parts, ended } = open({ begin: () => Promise.reject(new TypeError('a bug')) });
  expect(await ended()).toBe('internal-error');
  expect(parts.carrier.dials).toBe(0);
});

test('a call that never gets its turn is not dialled', async () => {
  const { parts, ended } = open();
  parts.queueIsHeld = true;
  expect(await ended()).toBe('not-dialled');
  expect(parts.carrier.dials).toBe(0);
});

test('a call whose host gives it no turn any more is not dialled', async () => {
  const { parts, ended } = open({ turn: () => Promise.reject(new Error('too late')) });
  expect(await ended()).toBe('not-dialled');
  expect(parts.carrier.dials).toBe(0);
});

test('a leg that cannot be ended for minutes is given up, and the call settled', async () => {
  const { clock, parts, ended } = open();
  await clock.pass(10_000);
  parts.carrier.isDown = true;
  parts.audio.end('call-1', 'agent-hung-up');
  await clock.pass(180_000);
  expect(await parts.store.open()).toHaveLength(1);
  await clock.until(async () => (await parts.store.open()).length === 0);
  expect(parts.carrier.live).toHaveLength(1);
  parts.carrier.isDown = false;
  await clock.until(() => parts.carrier.live.length === 0);
  expect(await ended()).toBe('completed');
});

test('a caller who has hung up is settled by the carrier’s word, asked for where it does not come', async () => {
  const { clock, parts, ended } = open();
  parts.carrier.callee = { ...parts.carrier.callee, talksMs: 20_000 };
  await clock.pass(10_000);
  parts.carrier.callbackManners = () => [];
  await clock.pass(14_000);
  expect(parts.carrier.live).toHaveLength(1);
  await clock.pass(4_000);
  expect(await parts.store.open()).toEqual([]);
  expect(await ended()).toBe('completed');
  expect(parts.carrier.calls[0]?.endedByUs).toBe(false);
});

test('who was connected with somebody else may talk beyond the agent’s time, up to the carrier’s own limit', async () => {
  const { clock, parts, ended } = open();
  await clock.pass(10_000);
  parts.audio.end('call-1', 'transferring');
  parts.carrier.transferTalksMs = 700_000;
  const [leg = { callId: 'call-1', carrierCallId: '' }] = parts.carrier.live;
  void parts.carrier.transfer(leg);
  await clock.pass(640_000);
  expect(parts.carrier.live).toHaveLength(1);
  expect(await ended()).toBe('transferred');
  expect(parts.carrier.calls[0]?.endedByUs).toBe(false);
});
