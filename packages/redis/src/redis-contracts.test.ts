import { liveEventsContract, sessionStoreContract } from '@earshot/calls/contracts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedis, type SharedRedis } from './open-redis.ts';
import { hasRedisServer, NO_SERVER, RedisServer } from './redis-server.fake.ts';

const isHere = hasRedisServer();

describe.skipIf(!isHere)(isHere ? 'on a real Redis' : NO_SERVER, () => {
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.port, '127.0.0.1');
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  async function openTwo() {
    await redis.flushall();
    await using opened = new AsyncDisposableStack();
    const one: SharedRedis = opened.use(await openRedis({ url: server.url }));
    const two: SharedRedis = opened.use(await openRedis({ url: server.url }));
    const all = opened.move();
    return { one, two, [Symbol.asyncDispose]: () => all.disposeAsync() };
  }

  /** The first round has all sent, the second has it received. */
  async function settled(...shared: SharedRedis[]): Promise<void> {
    const { signal } = new AbortController();
    for (let round = 0; round < 2; round += 1)
      await Promise.all(shared.map(({ events }) => events.settled(signal)));
  }

  sessionStoreContract('RedisSessionStore', async () => {
    const { one, two, ...rest } = await openTwo();
    const listening = () => settled(one, two);
    const pass = async (ms: number) => {
      for (const key of await redis.keys('*')) {
        const leftMs = (await redis.pttl(key)) - ms;
        await (leftMs > 0 ? redis.pexpire(key, leftMs) : redis.del(key));
      }
    };
    return {
      ...rest,
      store: one.sessions,
      other: two.sessions,
      events: two.events,
      listening,
      pass,
    };
  });

  liveEventsContract('RedisLiveEvents', async () => {
    const { one, two, ...rest } = await openTwo();
    const all = () => settled(one, two);
    return { ...rest, events: one.events, other: two.events, listening: all, told: all };
  });
});
