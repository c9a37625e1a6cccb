import { describe, expect, test } from 'vitest';
import { planOf } from '../contracts/example-calls.ts';
import {
  apiKeyStoreContract,
  callStoreContract,
  hostStoreContract,
  idempotencyStoreContract,
  liveEventsContract,
  outboxContract,
  sessionStoreContract,
} from '../contracts/index.ts';
import { outcome } from '../outcome.ts';
import { MemoryApiKeyStore } from './memory-api-key-store.ts';
import { MemoryCallStore } from './memory-call-store.ts';
import { MemoryHostStore } from './memory-host-store.ts';
import { MemoryIdempotencyStore } from './memory-idempotency-store.ts';
import { MemoryLiveEvents } from './memory-live-events.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemorySessionStore } from './memory-session-store.ts';

const nothing = { [Symbol.asyncDispose]: async () => {} };

callStoreContract('MemoryCallStore', async () => ({ ...nothing, store: new MemoryCallStore() }));

hostStoreContract('MemoryHostStore', async () => {
  const calls = new MemoryCallStore();
  return { ...nothing, calls, hosts: new MemoryHostStore(calls) };
});

apiKeyStoreContract('MemoryApiKeyStore', async () => ({
  ...nothing,
  store: new MemoryApiKeyStore(),
}));

idempotencyStoreContract('MemoryIdempotencyStore', async () => ({
  ...nothing,
  store: new MemoryIdempotencyStore(),
}));

outboxContract('MemoryOutbox', async () => ({ ...nothing, outbox: new MemoryOutbox() }));

liveEventsContract('MemoryLiveEvents', async () => {
  const events = new MemoryLiveEvents();
  return { ...nothing, events, other: events, listening: async () => {}, told: async () => {} };
});

sessionStoreContract('MemorySessionStore', async () => {
  let nowMs = 1_800_000_000_000;
  const events = new MemoryLiveEvents();
  const store = new MemorySessionStore({ now: () => nowMs, events });
  const pass = async (ms: number) => {
    nowMs += ms;
  };
  return { ...nothing, store, other: store, events, listening: async () => {}, pass };
});

describe('what is kept in memory is bounded', () => {
  test('of calls the oldest that have ended are forgotten, and no open one', async () => {
    const store = new MemoryCallStore({ mostCalls: 3 });
    const [a, b, c, d] = [planOf(), planOf(), planOf(), planOf()];
    for (const plan of [a, b, c]) await store.create(plan, 1, null);
    await store.settle(b.id, outcome('busy'), 2);
    await store.create(d, 3, null);
    expect((await store.open()).map(({ id }) => id).toSorted()).toEqual(
      [a.id, c.id, d.id].toSorted(),
    );
    expect(await store.find(b.id)).toBeNull();
    await store.create(b, 4, null);
    expect((await store.list({}, 10, null)).calls).toHaveLength(4);
  });

  test('of idempotency keys the oldest are forgotten', async () => {
    const store = new MemoryIdempotencyStore({ mostKeys: 2 });
    const take = (key: string) => store.take('owner', key, 'print', 'call', 1);
    for (const key of ['a', 'b', 'c']) await take(key);
    expect((await take('c')).type).toBe('same');
    expect((await take('a')).type).toBe('new');
  });

  test('of deliveries those that are done go first, then the oldest', async () => {
    const outbox = new MemoryOutbox({ most: 2 });
    const add = (id: string) =>
      outbox.add({
        id,
        url: 'https://example.com',
        event: 'call.ended',
        body: '{}',
        attempts: 0,
        nextAttemptAtMs: 0,
        createdAtMs: 0,
      });
    for (const id of ['a', 'b']) await add(id);
    await outbox.delivered('b', 1);
    for (const id of ['c', 'd']) await add(id);
    expect((await outbox.claim(1, 1, 10)).map(({ id }) => id)).toEqual(['c', 'd']);
  });
});
