import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallPlan } from '../call.ts';
import { planOf } from '../contracts/example-calls.ts';
import { StoryParts } from '../contracts/story-stage.fake.ts';
import { VirtualClock } from '../contracts/virtual-clock.fake.ts';
import type { Reason } from '../outcome.ts';
import { EmbeddedLifecycle } from './embedded-lifecycle.ts';

const { signal } = new AbortController();

/** A server that is killed and started again; calls, callees and rows outlive it. */
class House implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly parts = new StoryParts(this.clock);
  readonly plan: CallPlan;
  lifecycle = this.#open();

  constructor(plan: Partial<CallPlan> = {}) {
    this.plan = { ...PLAN, ...plan };
    this.parts.carrier.callee = { ...this.parts.carrier.callee, ringsMs: 3_000 };
  }

  /** Nothing of what the process knew or was about to do is left. */
  async kill(): Promise<void> {
    const killed = this.lifecycle[Symbol.asyncDispose]();
    let dead = false;
    void killed.then(() => {
      dead = true;
    });
    // The line to the carrier ends with the process: what was under way is never answered.
    this.parts.connect(DEAF);
    await this.clock.until(() => dead);
  }

  async restart(): Promise<number> {
    this.lifecycle = this.#open();
    return this.lifecycle.adopt(signal);
  }

  async order(carrierCallId: string | null = null): Promise<void> {
    await this.lifecycle.start(this.plan, carrierCallId, signal);
  }

  async talks(): Promise<void> {
    await this.clock.until(() => this.parts.audio.isLive(this.plan.id));
    await this.clock.pass(1_000);
  }

  async ends(reason: Reason): Promise<void> {
    await this.clock.until(async () => (await this.parts.store.open()).length === 0);
    expect((await this.parts.store.find(this.plan.id))?.outcome?.reason).toBe(reason);
    expect(this.parts.carrier.live).toEqual([]);
    await this.clock.until(() => this.lifecycle.size === 0);
    expect(this.parts.told.filter(({ type }) => type === 'ended')).toHaveLength(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.parts[Symbol.dispose]();
  }

  #open(): EmbeddedLifecycle {
    const { activities, store } = this.parts;
    const lifecycle = new EmbeddedLifecycle({ activities, store, clock: this.clock });
    this.parts.connect(lifecycle);
    return lifecycle;
  }
}

const DEAF = {
  start: async () => {},
  report: async () => {},
  state: async () => null,
  outcome: () => new Promise<never>(() => {}),
};

const PLAN = planOf({ id: 'call-1', maxDurationMs: 600_000, ringTimeoutMs: 30_000 });

describe('the server dies', () => {
  test('while it rings: the call goes on after the start', async () => {
    await using house = new House();
    await house.order();
    await house.clock.pass(1_000);
    await house.kill();
    expect(await house.restart()).toBe(1);
    await house.talks();
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
    expect(house.parts.carrier.dials).toBe(1);
  });

  test('while it rings, and the callee turns out to be busy', async () => {
    await using house = new House();
    house.parts.carrier.callee = { ...house.parts.carrier.callee, does: 'busy' };
    await house.order();
    await house.clock.pass(1_000);
    await house.kill();
    await house.clock.pass(5_000);
    await house.restart();
    await house.ends('busy');
  });

  test('in mid-call, and the carrier brings the audio back', async () => {
    await using house = new House();
    await house.order();
    await house.talks();
    await house.kill();
    await house.clock.pass(3_000);
    await house.restart();
    house.parts.audio.begin('call-1');
    await house.clock.pass(120_000);
    expect(house.parts.carrier.live).toHaveLength(1);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('in mid-call, and nobody brings the audio back: the leg is ended', async () => {
    await using house = new House();
    await house.order();
    await house.talks();
    await house.kill();
    await house.restart();
    await house.ends('server-lost');
    expect(house.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('in mid-call, and the caller is gone: it ended when the carrier says', async () => {
    await using house = new House();
    house.parts.carrier.callee = { ...house.parts.carrier.callee, talksMs: 10_000 };
    await house.order();
    await house.talks();
    await house.kill();
    await house.clock.pass(3_600_000);
    await house.restart();
    await house.ends('server-lost');
    const call = await house.parts.store.find('call-1');
    expect(call?.endedAtMs).toBe(house.parts.carrier.calls[0]?.endedAtMs);
  });

  test('before the carrier answered the dial: the call is found', async () => {
    await using house = new House();
    await house.order();
    await house.clock.until(() => house.parts.carrier.dials === 1);
    await house.kill();
    expect((await house.parts.store.find('call-1'))?.carrierCallId).toBeNull();
    await house.restart();
    await house.talks();
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
    expect(house.parts.carrier.dials).toBe(1);
  });

  test('before the carrier got the dial: it is not repeated', async () => {
    await using house = new House();
    house.parts.carrier.dialManners = { type: 'loses-request' };
    await house.order();
    await house.clock.until(() => house.parts.carrier.dials === 1);
    await house.kill();
    await house.restart();
    await house.ends('dial-unknown');
    expect(house.parts.carrier.dials).toBe(1);
  });

  test('before it dialled: it does not dial any more', async () => {
    await using house = new House();
    house.parts.queueIsHeld = true;
    await house.order();
    await house.clock.pass(1_000);
    await house.kill();
    house.parts.queueIsHeld = false;
    await house.restart();
    await house.ends('server-lost');
    expect(house.parts.carrier.dials).toBe(0);
  });

  test('before the end could be kept', async () => {
    await using house = new House();
    await house.order();
    await house.talks();
    house.parts.storeIsDown = true;
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.clock.pass(10_000);
    await house.kill();
    house.parts.storeIsDown = false;
    await house.restart();
    await house.ends('server-lost');
  });

  test('while it holds an inbound call', async () => {
    await using house = new House({ direction: 'inbound' });
    await house.order('CA1');
    house.parts.carrier.arrive('call-1', 'CA1', null);
    await house.talks();
    await house.kill();
    await house.restart();
    await house.ends('server-lost');
    expect(house.parts.carrier.dials).toBe(0);
  });

  test('at any moment, and again: each call is settled, and nothing is left ringing', async () => {
    const moments = fc.array(fc.nat(40_000), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(moments, fc.boolean(), async (killedAtMs, comesBack) => {
        await using house = new House();
        await house.order();
        for (const runsMs of killedAtMs) {
          await house.clock.pass(runsMs);
          await house.kill();
          await house.clock.pass(500);
          await house.restart();
          if (comesBack) house.parts.audio.begin('call-1');
        }
        await house.clock.until(async () => (await house.parts.store.open()).length === 0);
        expect(house.parts.carrier.live).toEqual([]);
        expect(house.parts.carrier.dials).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

test('a call that is terminated right after the start is ended', async () => {
  await using house = new House();
  await house.order();
  await house.talks();
  await house.kill();
  await house.restart();
  await house.lifecycle.report('call-1', { type: 'terminate', atMs: house.clock.now() }, signal);
  await house.ends('terminated');
});

test('a call that is ordered again after its server died is not dialled again', async () => {
  await using house = new House();
  await house.order();
  await house.clock.pass(1_000);
  await house.kill();
  await house.restart();
  await house.order();
  await house.clock.pass(1_000);
  expect(house.parts.carrier.dials).toBe(1);
});

test('many orphans are taken over at once, and looked up one after the other', async () => {
  await using house = new House();
  for (let n = 1; n <= 100; n++)
    await house.lifecycle.start({ ...PLAN, id: `call-${n}` }, null, signal);
  await house.clock.pass(1_000);
  await house.kill();
  expect(await house.restart()).toBe(100);
  expect(house.lifecycle.size).toBe(100);
  const terminate = { type: 'terminate', atMs: house.clock.now() } as const;
  await house.lifecycle.report('call-99', terminate, signal);
  await house.clock.until(async () => (await house.parts.store.open()).length === 0);
  expect(house.parts.carrier.dials).toBe(100);
});
