import type { LiveEvent } from '@earshot/calls';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openRedis, type SharedRedis } from './open-redis.ts';
import { hasRedisServer, NO_SERVER, RedisServer } from './redis-server.fake.ts';

const isHere = hasRedisServer();
const never = new AbortController().signal;
const away = expect.objectContaining({ code: 'store-unavailable', retryable: true });

describe.skipIf(!isHere)(isHere ? 'when Redis is away' : NO_SERVER, () => {
  let opened: AsyncDisposableStack;
  let server: RedisServer;
  let changes: [boolean, string | null][];

  beforeEach(async () => {
    opened = new AsyncDisposableStack();
    server = opened.use(await RedisServer.start());
    changes = [];
  });

  afterEach(() => opened.disposeAsync());

  const openOne = async (): Promise<SharedRedis> =>
    opened.use(await openRedis({ url: server.url, onChange: (...change) => changes.push(change) }));

  async function openTwo(): Promise<readonly [SharedRedis, SharedRedis]> {
    const one = await openOne();
    return [one, opened.use(await openRedis({ url: server.url }))];
  }

  /** Once more when Redis was not back yet. */
  const settled = (...shared: SharedRedis[]) =>
    vi.waitFor(
      async () => {
        for (let round = 0; round < 2; round += 1)
          await Promise.all(shared.map(({ events }) => events.settled(never)));
      },
      { timeout: 20_000, interval: 20 },
    );

  const gone = () => vi.waitFor(() => expect(changes.at(-1)?.[0]).toBe(false), 10_000);

  test('sessions say so, and work again when it is back', async () => {
    const { sessions, ping } = await openOne();
    await sessions.create('a', null);
    await server.stop();
    await gone();
    await expect(sessions.find('a')).rejects.toThrow(away);
    await expect(sessions.create('a', null)).rejects.toThrow(away);
    await expect(sessions.claim('a', 0, 'x')).rejects.toThrow(away);
    await expect(sessions.save('a', 0, {})).rejects.toThrow(away);
    await expect(sessions.end('a')).rejects.toThrow(away);
    await expect(ping()).rejects.toThrow(away);
    await server.start();
    await vi.waitFor(() => ping(), { timeout: 20_000 });
    expect(await sessions.create('a', null)).toBe(true);
    expect(changes.map(([isThere]) => isThere)).toEqual([true, false, true]);
  });

  test('what was told meanwhile is heard afterwards, once and in order', async () => {
    const [one, two] = await openTwo();
    const heard = two.events.listen('a', never);
    await settled(one, two);
    one.events.tell(eventOf(1));
    await server.stop();
    for (let serial = 2; serial <= 50; serial += 1) one.events.tell(eventOf(serial));
    await gone();
    for (let serial = 51; serial <= 100; serial += 1) one.events.tell(eventOf(serial));
    await server.start();
    one.events.tell(eventOf(101));
    expect(await serialsUntil(heard, 101)).toEqual(Array.from({ length: 101 }, (_, i) => i + 1));
    expect(one.events.dropped).toBe(0);
  });

  test('what was confirmed just before is heard by who had not got it yet', async () => {
    const one = await openOne();
    one.events.tell(eventOf(1));
    await settled(one);
    await server.stop();
    await server.start();
    const two = opened.use(await openRedis({ url: server.url }));
    expect(await serialsUntil(two.events.listen('a', never), 1)).toEqual([1]);
  });

  test('this instance’s own listeners hear all the same, also those that come meanwhile', async () => {
    const { events } = await openOne();
    await server.stop();
    await gone();
    const heard = events.listen('a', never);
    for (let serial = 1; serial <= 20; serial += 1) events.tell(eventOf(serial));
    expect(await serialsUntil(heard, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test('who began to listen meanwhile hears the others when it is back', async () => {
    const [one, two] = await openTwo();
    await server.stop();
    await gone();
    const heard = two.events.listen('a', never);
    const all = two.events.listen('*', never);
    await server.start();
    await settled(one, two);
    one.events.tell(eventOf(1));
    expect(await serialsUntil(heard, 1)).toEqual([1]);
    expect(await serialsUntil(all, 1)).toEqual([1]);
  });

  test('more than may wait is dropped, the oldest first, and counted', async () => {
    const { events } = await openOne();
    await server.stop();
    await gone();
    for (let serial = 1; serial <= 10_300; serial += 1) events.tell(eventOf(serial));
    expect(events.dropped).toBe(300);
    const large = { ...eventOf(1), data: { text: 'x'.repeat(5 * 1024 * 1024) } };
    events.tell(large);
    events.tell(large);
    expect(events.dropped).toBe(10_300 + 1);
  });

  test('frozen: what is asked fails soon, and all goes on when it thaws', async () => {
    const [one, two] = await openTwo();
    const heard = two.events.listen('a', never);
    await settled(one, two);
    await one.sessions.create('a', null);
    server.freeze();
    for (let serial = 1; serial <= 100; serial += 1) one.events.tell(eventOf(serial));
    await Promise.all([
      expect(one.sessions.find('a')).rejects.toThrow(away),
      expect(one.sessions.claim('a', 0, 'x')).rejects.toThrow('no answer in time'),
    ]);
    server.thaw();
    await settled(one, two);
    one.events.tell(eventOf(101));
    const serials = await serialsUntil(heard, 101);
    expect(serials).toEqual(Array.from({ length: 101 }, (_, i) => i + 1));
    // The claim was under way when the answer was given up.
    const session = await one.sessions.find('a');
    expect(session).toMatchObject({ epoch: 1, holder: 'x' });
    expect(await two.sessions.claim('a', 1, 'y')).toMatchObject({ epoch: 2, holder: 'y' });
  });

  test('frozen for long: the connections are replaced', async () => {
    const [one, two] = await openTwo();
    const heard = two.events.listen('a', never);
    await settled(one, two);
    server.freeze();
    one.events.tell(eventOf(1));
    await expect(one.ping()).rejects.toThrow(away);
    await gone();
    server.thaw();
    await settled(one, two);
    one.events.tell(eventOf(2));
    expect(await serialsUntil(heard, 2)).toEqual([1, 2]);
  });

  test('at the start: it is tried for ever, and found when it comes', async () => {
    await server.stop();
    const { sessions, events, ping } = await openOne();
    await expect(sessions.create('a', null)).rejects.toThrow(away);
    events.tell(eventOf(1));
    expect(changes).toEqual([[false, 'ECONNREFUSED']]);
    await server.start();
    await vi.waitFor(() => ping(), { timeout: 20_000 });
    await settled({ sessions, events, ping, [Symbol.asyncDispose]: async () => {} });
    expect(await sessions.create('a', null)).toBe(true);
    expect(events.dropped).toBe(0);
  });

  test('frozen at the start: the same', async () => {
    server.freeze();
    const one = await openOne();
    await expect(one.ping()).rejects.toThrow(away);
    server.thaw();
    await vi.waitFor(() => one.ping(), { timeout: 20_000 });
    await settled(one);
  });

  test('or frozen, closing does not wait for it', async () => {
    const one = await openOne();
    const listener = one.events.listen('a', never);
    await server.stop();
    await gone();
    await one[Symbol.asyncDispose]();
    one.events.tell(eventOf(1));
    expect(await serialsUntil(listener, 1)).toEqual([1]);
    await expect(one.sessions.find('a')).rejects.toThrow(away);
    await server.start();
    const two = await openOne();
    server.freeze();
    await two[Symbol.asyncDispose]();
    await expect(two.sessions.find('a')).rejects.toThrow(away);
  });

  test('no error tells what was asked', async () => {
    const { sessions } = await openOne();
    server.freeze();
    const error = await sessions.save('call-1', 0, 'a secret').catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'store-unavailable' });
    expect(error).not.toHaveProperty('command');
    expect(error instanceof Error && error.cause).toBeUndefined();
    expect(String(error)).not.toMatch(/secret|call-1/);
  });

  test('without scripts or room it is unavailable, too', async () => {
    const { sessions } = await openOne();
    await sessions.create('a', null);
    const admin = new Redis(server.port, '127.0.0.1');
    opened.defer(() => admin.disconnect());
    await admin.config('SET', 'maxmemory', '1');
    await expect(sessions.create('b', null)).rejects.toThrow(away);
    await admin.config('SET', 'maxmemory', '0');
    await admin.set('earshot:session:c', 'no hash');
    await expect(sessions.find('c')).rejects.toThrow(away);
    await expect(sessions.save('c', 0, 'a secret')).rejects.toThrow(away);
  });
});

describe.skipIf(!isHere)(isHere ? 'who may come to Redis' : NO_SERVER, () => {
  const PASSWORD = 'p@ss/w:rd %20';

  test('is told at once when the password is wrong, without a word of it', async () => {
    await using server = await RedisServer.start(() => ['--requirepass', PASSWORD]);
    const at = { host: '127.0.0.1', port: server.port };
    const refused = await openRedis({ ...at, password: 'wrong-one' }).catch((one: unknown) => one);
    expect(refused).toMatchObject({ code: 'store-unavailable' });
    expect(String(refused)).not.toContain('wrong-one');
    await expect(openRedis(at)).rejects.toThrow('NOAUTH');
  });

  test('is told at once when there is no such database', async () => {
    await using server = await RedisServer.start();
    await expect(openRedis({ url: new URL('/99', server.url) })).rejects.toThrow('refuses us');
  });

  test('comes in with the right one, by a URL and by its parts', async () => {
    await using server = await RedisServer.start(() => ['--requirepass', PASSWORD]);
    const { url } = server;
    url.password = encodeURIComponent(PASSWORD);
    await using one = await openRedis({ url });
    await using two = await openRedis({ host: '127.0.0.1', port: server.port, password: PASSWORD });
    await one.sessions.create('a', null);
    expect(await two.sessions.find('a')).not.toBeNull();
  });

  test('in another database hears and finds nothing', async () => {
    await using server = await RedisServer.start();
    await using one = await openRedis({ url: new URL('/1', server.url) });
    await using two = await openRedis({ url: new URL('/2', server.url) });
    const heard = two.events.listen('*', never);
    await two.events.settled(never);
    await one.sessions.create('a', null);
    await one.sessions.claim('a', 0, 'x');
    await one.events.settled(never);
    await two.events.settled(never);
    two.events.tell(eventOf(7));
    expect(await serialsUntil(heard, 7)).toEqual([7]);
    expect(await two.sessions.find('a')).toBeNull();
  });

  test('may not disturb others by what is no event', async () => {
    await using server = await RedisServer.start();
    await using shared = await openRedis({ url: server.url });
    using stranger = { redis: new Redis(server.port, '127.0.0.1'), [Symbol.dispose]: () => {} };
    const heard = shared.events.listen('a', never);
    await shared.events.settled(never);
    const event = eventOf(5);
    const odd = ['', '{', 'null', '[]', '{"event":{}}', JSON.stringify({ number: 1, event })];
    for (const text of odd) await stranger.redis.publish('earshot:0:live:a', text);
    const fit = { from: 'x', number: 1, event };
    await stranger.redis.publish('earshot:0:live:a', JSON.stringify(fit));
    expect(await serialsUntil(heard, 5)).toEqual([5]);
    stranger.redis.disconnect();
  });
});

function eventOf(serial: number): LiveEvent {
  return { callId: 'a', serial, type: 'turn-ended', atMs: serial, data: {} };
}

/** What is heard up to the event of this serial. */
async function serialsUntil(heard: AsyncIterable<LiveEvent>, last: number): Promise<number[]> {
  const serials: number[] = [];
  const iterator = heard[Symbol.asyncIterator]();
  while (serials.at(-1) !== last) {
    const { done, value } = await iterator.next();
    if (done) break;
    serials.push(value.serial);
  }
  return serials;
}
