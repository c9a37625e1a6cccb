import { describe, expect, test } from 'vitest';
import type { CallPlan } from '../call.ts';
import { planOf } from '../contracts/example-calls.ts';
import { lifecycleStories } from '../contracts/lifecycle-stories.contract.ts';
import { StoryParts, unreliable } from '../contracts/story-stage.fake.ts';
import { VirtualClock } from '../contracts/virtual-clock.fake.ts';
import type { Reason } from '../outcome.ts';
import { SCRIPT_LIMITS } from '../script-limits.ts';
import type { Clock } from './clock.ts';
import { EmbeddedLifecycle } from './embedded-lifecycle.ts';

const { signal } = new AbortController();

/** A process among others on one store. */
class Server implements Clock {
  readonly lifecycle: EmbeddedLifecycle;
  readonly failures: string[] = [];
  readonly #clock: VirtualClock;
  readonly #dead = new AbortController();
  /** What was due while the process was stopped. */
  #due: (() => void)[] | null = null;

  constructor(id: string, clock: VirtualClock, parts: StoryParts) {
    this.#clock = clock;
    const isDead = () => this.#dead.signal.aborted;
    const { store, hosts } = parts;
    this.lifecycle = new EmbeddedLifecycle({
      activities: unreliable(parts.activitiesOf(id), isDead),
      ...{ store, clock: this, host: { id, store: unreliable(hosts, isDead) } },
      failed: (step) => void this.failures.push(step),
    });
  }

  now = () => this.#clock.now();

  after(delayMs: number, action: () => void): () => void {
    return this.#clock.after(delayMs, () => {
      if (this.#due) this.#due.push(action);
      else if (!this.#dead.signal.aborted) action();
    });
  }

  pause(): void {
    this.#due = [];
  }

  resume(): void {
    const due = this.#due ?? [];
    this.#due = null;
    for (const action of due) action();
  }

  /** Nothing that it was about to do is done, and nobody is told. */
  kill(): void {
    this.#dead.abort();
  }
}

class House implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly parts = new StoryParts(this.clock);
  readonly #servers: Server[] = [];

  async open(adopts = true): Promise<Server> {
    const server = new Server(`server-${this.#servers.length + 1}`, this.clock, this.parts);
    this.#servers.push(server);
    if (adopts) await server.lifecycle.adopt(signal);
    return server;
  }

  /** A call talks at the server, which is told all that is told. */
  async talks(server: Server, plan: CallPlan = PLAN): Promise<void> {
    this.parts.connect(server.lifecycle);
    await server.lifecycle.start(plan, null, signal);
    await this.clock.until(() => this.parts.audio.isLive(plan.id));
    await this.clock.pass(1_000);
  }

  async ends(reason: Reason, id = PLAN.id): Promise<void> {
    await this.clock.until(async () => (await this.parts.store.find(id))?.phase === 'ended');
    expect((await this.parts.store.find(id))?.outcome?.reason).toBe(reason);
    expect(this.parts.carrier.live).toEqual([]);
    expect(this.parts.told.filter(({ type }) => type === 'ended')).toHaveLength(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    let closed = false;
    const all = this.#servers.map(({ lifecycle }) => lifecycle[Symbol.asyncDispose]());
    void Promise.all(all).then(() => {
      closed = true;
    });
    await this.clock.until(() => closed);
    this.parts[Symbol.dispose]();
  }
}

const PLAN = planOf({ id: 'call-1', maxDurationMs: 600_000, ringTimeoutMs: 30_000 });
const MINUTE_MS = 60_000;

describe('servers that share a store', () => {
  test('the second leaves live calls of the first alone, however long they last', async () => {
    await using house = new House();
    const first = await house.open();
    await house.talks(first);
    const second = await house.open();
    await house.clock.pass(5 * MINUTE_MS);
    expect([first.lifecycle.size, second.lifecycle.size]).toEqual([1, 0]);
    expect(house.parts.carrier.live).toHaveLength(1);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('the first dies: the second takes its calls, and one whose audio comes back goes on', async () => {
    await using house = new House();
    const first = await house.open();
    const second = await house.open();
    await house.talks(first);
    first.kill();
    house.parts.connect(second.lifecycle);
    await house.clock.pass(15_000);
    expect(second.lifecycle.size).toBe(0);
    await house.clock.pass(20_000);
    expect(second.lifecycle.size).toBe(1);
    house.parts.audio.begin('call-1');
    await house.clock.pass(2 * MINUTE_MS);
    expect(house.parts.carrier.live).toHaveLength(1);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('the first dies, and nobody brings the audio back: the second ends the leg', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    await house.talks(first);
    first.kill();
    house.parts.connect(second.lifecycle);
    await house.ends('server-lost');
    expect(house.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('a server that starts after one has died waits until that is certain', async () => {
    await using house = new House();
    const first = await house.open();
    await house.talks(first);
    first.kill();
    const second = await house.open();
    expect(second.lifecycle.size).toBe(0);
    house.parts.connect(second.lifecycle);
    await house.clock.pass(35_000);
    expect(second.lifecycle.size).toBe(1);
    await house.ends('server-lost');
  });

  test('a server that stops leaves its calls to others at once', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    await house.talks(first);
    await first.lifecycle[Symbol.asyncDispose]();
    house.parts.connect(second.lifecycle);
    house.parts.audio.begin('call-1');
    await house.clock.pass(1_000);
    // What is told of it there is enough: it is not waited for the next look.
    expect(second.lifecycle.size).toBe(1);
    await house.clock.pass(2 * MINUTE_MS);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('several start at once: each call that is left is taken by one', async () => {
    await using house = new House();
    const first = await house.open();
    house.parts.connect(first.lifecycle);
    for (let n = 1; n <= 20; n++)
      await first.lifecycle.start({ ...PLAN, id: `call-${n}` }, null, signal);
    await house.clock.pass(1_000);
    first.kill();
    const others = [await house.open(false), await house.open(false), await house.open(false)];
    await Promise.all(others.map(({ lifecycle }) => lifecycle.adopt(signal)));
    await house.clock.until(() => others.some(({ lifecycle }) => lifecycle.size > 0));
    expect(others.reduce((sum, { lifecycle }) => sum + lifecycle.size, 0)).toBe(20);
    await house.clock.until(async () => (await house.parts.store.open()).length === 0);
    expect(house.parts.carrier.live).toEqual([]);
    expect(house.parts.told.filter(({ type }) => type === 'ended')).toHaveLength(20);
  });

  test('a server that was stopped for a while lets go what others took, and hangs up nothing', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    await house.talks(first);
    const end = first.lifecycle.outcome('call-1', signal).catch((error: unknown) => error);
    first.pause();
    house.parts.connect(second.lifecycle);
    await house.clock.pass(30_000);
    house.parts.audio.begin('call-1');
    // Longer than the call may last: what the first one was about to do is to end it.
    await house.clock.pass(5 * MINUTE_MS);
    first.resume();
    await house.clock.pass(10_000);
    expect(first.lifecycle.size).toBe(0);
    expect(second.lifecycle.size).toBe(1);
    expect(await end).toMatchObject({ code: 'lifecycle-unavailable' });
    expect(house.parts.carrier.live).toHaveLength(1);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('a server that was stopped with its decision made finds out first', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    await house.talks(first);
    house.parts.audio.end('call-1', 'line-lost');
    await house.clock.pass(1_000);
    first.pause();
    house.parts.connect(second.lifecycle);
    await house.clock.pass(30_000);
    house.parts.audio.begin('call-1');
    await house.clock.pass(30_000);
    // It waited for the audio to come back; by its own clock that is over.
    first.resume();
    await house.clock.pass(MINUTE_MS);
    expect(first.lifecycle.size).toBe(0);
    expect(house.parts.carrier.live).toHaveLength(1);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.ends('completed');
  });

  test('a server that was stopped before it dialled dials no call that others have settled', async () => {
    await using house = new House();
    const [first] = [await house.open(), await house.open()];
    house.parts.queueIsHeld = true;
    house.parts.connect(first.lifecycle);
    await first.lifecycle.start(PLAN, null, signal);
    await house.clock.pass(1_000);
    first.pause();
    await house.ends('server-lost');
    house.parts.queueIsHeld = false;
    await house.clock.pass(1_000);
    first.resume();
    await house.clock.pass(MINUTE_MS);
    expect(house.parts.carrier.dials).toBe(0);
    expect(first.lifecycle.size).toBe(0);
  });

  test.each([30_000, 5 * MINUTE_MS])(
    'a store that is away for %i ms costs nobody a call',
    async (awayMs) => {
      await using house = new House();
      const [first, second] = [await house.open(), await house.open()];
      await house.talks(first);
      house.parts.storeIsDown = true;
      await house.clock.pass(awayMs);
      house.parts.storeIsDown = false;
      await house.clock.pass(2 * MINUTE_MS);
      expect([first.lifecycle.size, second.lifecycle.size]).toEqual([1, 0]);
      expect(house.parts.carrier.live).toHaveLength(1);
      expect(second.failures).toEqual(['beat']);
      house.parts.audio.end('call-1', 'agent-hung-up');
      await house.ends('completed');
    },
  );

  test('a call ends at its time while the store is away', async () => {
    await using house = new House();
    const first = await house.open();
    await house.talks(first);
    house.parts.storeIsDown = true;
    await house.clock.pass(MINUTE_MS);
    house.parts.audio.end('call-1', 'agent-hung-up');
    await house.clock.pass(1_000);
    expect(house.parts.carrier.live).toEqual([]);
    house.parts.storeIsDown = false;
    await house.ends('completed');
  });

  test('what is told at another server than the host’s is to be told again', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    await house.talks(first);
    const report = { type: 'terminate', atMs: house.clock.now() } as const;
    const told = second.lifecycle.report('call-1', report, signal);
    await expect(told).rejects.toMatchObject({ code: 'lifecycle-unavailable', retryable: true });
    const unknown = second.lifecycle.report('call-2', report, signal);
    await expect(unknown).rejects.toMatchObject({ code: 'call-not-found' });
    expect(house.parts.carrier.live).toHaveLength(1);
  });

  test('a call that is ordered at two is dialled once, and one that comes in at two is hosted by one', async () => {
    await using house = new House();
    const [first, second] = [await house.open(), await house.open()];
    house.parts.connect(first.lifecycle);
    await first.lifecycle.start(PLAN, null, signal);
    await second.lifecycle.start(PLAN, null, signal);
    expect(second.lifecycle.size).toBe(0);
    const inbound = { ...PLAN, id: 'call-2', direction: 'inbound' } as const;
    await first.lifecycle.start(inbound, 'CA2', signal);
    await house.clock.pass(100);
    await second.lifecycle.start(inbound, 'CA2', signal);
    await house.clock.pass(10_000);
    expect([first.lifecycle.size, second.lifecycle.size]).toEqual([2, 0]);
    expect(house.parts.carrier.dials).toBe(1);
  });
});

lifecycleStories('an embedded host that shares its store', () => {
  const clock = new VirtualClock();
  return {
    ...{ clock, limits: SCRIPT_LIMITS, until: (condition) => clock.until(condition) },
    host: async (activities, { store, hosts }) => {
      const host = { id: 'server-1', store: hosts };
      const lifecycle = new EmbeddedLifecycle({ activities, store, clock, host });
      await lifecycle.adopt(signal);
      return { lifecycle, [Symbol.asyncDispose]: () => lifecycle[Symbol.asyncDispose]() };
    },
  };
});
