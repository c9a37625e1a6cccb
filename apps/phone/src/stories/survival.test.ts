import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CalledPhones } from './called-phones.ts';
import { CallsApi } from './calls-api.ts';
import { openRedisServer } from './outside-server.ts';
import { hasPostgres15, NO_POSTGRES_15, PostgresServer } from './postgres-server.ts';
import { ProductProcess } from './product-process.ts';
import { storyEnvironment } from './story-environment.ts';
import { storyFolder } from './story-folder.ts';

const isHere = hasPostgres15(process.env);
const COMPLETED = { blame: 'nobody', reason: 'completed' };

describe.concurrent('what a call survives', { timeout: 180_000 }, () => {
  test('kill -9 of the server in mid-call: after its restart every call is settled, with its transcript so far', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await storyFolder(stack);
    const phones = stack.use(await CalledPhones.open({ folder }));
    const environment = { ...storyEnvironment(folder), ...phones.environment };
    const server = stack.use(await ProductProcess.open({ main: 'server', folder, environment }));
    const api = new CallsApi(server.base);
    const [talks, rings] = ['+12025550142', '+12025550111'];
    const talking = await api.place({ phone_number: talks });
    const phone = await phones.called(talks);
    await phone.at('caller-speaks', 1);
    const ringing = await api.place({ phone_number: rings, ring_timeout_seconds: 600 });
    const bell = await phones.called(rings);
    await bell.ringing();

    await server.kill();
    expect(await phone.over()).toBe('completed');
    expect(bell.call.status).toBe('ringing');
    await server.start();

    // One is over at the carrier. The other rings on, and is ours again.
    expect(await api.ended(talking)).toMatchObject({
      outcome: { blame: 'us', reason: 'server-lost' },
      total_transcript_segments: 1,
    });
    const { turns } = await api.transcript(talking);
    expect(turns).toMatchObject([{ speaker: 'agent', text: expect.stringMatching(/^Hello/) }]);
    expect(await api.call(ringing)).toMatchObject({ outcome: null });
    expect(await api.terminate(ringing)).toBe(204);
    expect(await bell.over()).toBe('canceled');
    const canceled = { blame: 'nobody', reason: 'canceled' };
    expect(await api.ended(ringing)).toMatchObject({ status: 'canceled', outcome: canceled });
    expect(phones.network.exchange.calls).toHaveLength(2);
  });

  test.skipIf(!isHere)(
    `database and Redis stopped in mid-call: the voice goes on, and the record is complete afterwards${isHere ? '' : ` (${NO_POSTGRES_15})`}`,
    async () => {
      await using stack = new AsyncDisposableStack();
      const folder = await storyFolder(stack);
      const phones = stack.use(await CalledPhones.open({ folder }));
      const database = stack.use(await PostgresServer.open(folder));
      const redis = stack.use(await openRedisServer(folder));
      const environment = {
        ...storyEnvironment(folder),
        ...phones.environment,
        DATABASE_URL: database.url,
        REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      };
      const server = stack.use(await ProductProcess.open({ main: 'server', folder, environment }));
      const api = new CallsApi(server.base);

      const outages = [
        ['+12025550145', () => database.freeze(), () => database.thaw()],
        ['+12025550146', () => redis.stop(), () => redis.start()],
        ['+12025550147', () => database.stop(), () => database.start()],
      ] as const;
      for (const [number, begin, end] of outages) {
        const id = await api.place({ phone_number: number });
        const phone = await phones.called(number);
        await phone.at('caller-speaks', 1);
        await begin();
        await phone.at('caller-speaks', 2);
        expect(phone.told).toContain('agent-speaks 1');
        // The last outage outlives its call.
        if (number === '+12025550147') await phone.over();
        await end();
        expect(await api.ended(id)).toMatchObject({ outcome: COMPLETED });
        await wholeRecord(api, id);
      }
    },
  );
});

/** Waits until all that happened is told, and compares its parts. */
async function wholeRecord(api: CallsApi, id: string): Promise<void> {
  let events = await api.events(id);
  for (; !events.some(({ event }) => event === 'stream-ended'); events = await api.events(id))
    await pause(200);
  const told = events.filter(({ event }) => event === 'turn');
  const { turns } = await api.transcript(id);
  expect(turns.map(({ index }) => index)).toEqual([...told.keys()]);
  expect(turns.map(({ speaker }) => speaker)).toEqual(
    expect.arrayContaining(['agent', 'caller', 'agent', 'caller', 'agent']),
  );
  expect(turns.filter(({ text }) => /cleaning/i.test(text)).length).toBeGreaterThanOrEqual(2);
  const { metrics, total_transcript_segments } = await api.ended(id);
  expect(total_transcript_segments).toBe(turns.length);
  expect(metrics).toMatchObject({ websocket_reconnect_count: 0 });
}
