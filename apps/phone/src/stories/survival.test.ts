import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from '@earshot/temporal/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../demo/server-process.ts';
import { calleeWho } from '../network/callee.ts';
import { CalledPhones } from './called-phones.ts';
import { CallsApi } from './calls-api.ts';
import { type OutsideServer, openRedisServer, openTemporalServer } from './outside-server.ts';
import { hasPostgres15, NO_POSTGRES_15, PostgresServer } from './postgres-server.ts';
import { ProductProcess } from './product-process.ts';
import { storyEnvironment } from './story-environment.ts';
import { storyFolder } from './story-folder.ts';

const cli = findTemporalCli(process.env);
if (cli === null && process.env.CI) throw new Error(HOW_TO_GET_TEMPORAL);
const hasPostgres = hasPostgres15(process.env);
const missing = hasPostgres ? HOW_TO_GET_TEMPORAL : NO_POSTGRES_15;
const hasAll = cli !== null && hasPostgres;

const PATIENCE = { timeout: 30_000, interval: 200 };
const COMPLETED = { blame: 'nobody', reason: 'completed' };

/** Says nothing until the agent is back: over other words "Sorry" would not be heard. */
const WAITS_FOR_WORD = `scenario: Somebody who is cut off
limitMs: 90000
steps:
  - wait: { for: agent-ends }
  - wait: { for: agent-begins }
  - answer: How much is a cleaning?
  - wait: { for: agent-ends }
  - hangUp`;
const CUT_OFF = '+12025550144';

// Calls take the time that calls take: all of them at once.
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

  test.skipIf(!hasPostgres)(
    `database and Redis stopped in mid-call: the voice goes on, and the record is complete afterwards${hasPostgres ? '' : ` (${NO_POSTGRES_15})`}`,
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
        await phone.at('agent-speaks', 1);
        // The last outage outlives its call.
        if (number === '+12025550147') await phone.over();
        await end();
        expect(await api.ended(id)).toMatchObject({ outcome: COMPLETED });
        await wholeRecord(api, id);
      }
    },
  );
});

describe
  .skipIf(!hasAll)
  .concurrent(
    `two servers and a worker on PostgreSQL, Redis and Temporal${hasAll ? '' : ` (skipped: ${missing})`}`,
    { timeout: 180_000 },
    () => {
      const stack = new AsyncDisposableStack();
      let phones: CalledPhones;
      let temporal: OutsideServer;
      /** Orders and webhooks come to the first, streams to the second. */
      let [first, second, worker]: ProductProcess[] = [];
      let api: CallsApi;

      beforeAll(async () => {
        const folder = await storyFolder(stack);
        const waits = path.join(folder, 'waits.yaml');
        await writeFile(waits, WAITS_FOR_WORD);
        const callees = { [CUT_OFF]: calleeWho('talks', { scenario: waits }) };
        phones = stack.use(await CalledPhones.open({ folder, callees }));
        const database = stack.use(await PostgresServer.open(folder));
        const redis = stack.use(await openRedisServer(folder));
        temporal = stack.use(await openTemporalServer(cli ?? '', folder));
        const [port, mediaPort] = [await freePort(), await freePort()];
        const shared = {
          ...storyEnvironment(folder),
          ...phones.environment,
          DATABASE_URL: database.url,
          REDIS_URL: `redis://127.0.0.1:${redis.port}`,
          TEMPORAL_HOST: '127.0.0.1',
          TEMPORAL_PORT: String(temporal.port),
          WORKER_METRICS_PORT: '0',
          BASE_URL: `http://127.0.0.1:${port}`,
        };
        const elsewhere = {
          ...shared,
          VOICE_SERVER_WS_URL: `ws://127.0.0.1:${mediaPort}/twilio/media`,
        };
        first = stack.use(
          await ProductProcess.open({ main: 'server', folder, environment: shared, port }),
        );
        [second, worker] = await Promise.all([
          ProductProcess.open({ main: 'server', folder, environment: elsewhere, port: mediaPort }),
          ProductProcess.open({ main: 'worker', folder, environment: elsewhere }),
        ]);
        stack.use(second);
        stack.use(worker);
        api = new CallsApi(first.base);
      }, 180_000);
      afterAll(() => stack.disposeAsync());

      test('kill -9 of the worker in mid-call: the call’s life goes on with another one', {
        concurrent: false,
      }, async () => {
        const number = '+12025550142';
        const id = await api.place({ phone_number: number });
        const phone = await phones.called(number);
        await phone.at('caller-speaks', 1);
        await worker?.kill();
        await phone.at('agent-speaks', 1);
        await worker?.start();
        expect(await phone.over()).toBe('completed');
        expect(await api.ended(id)).toMatchObject({ status: 'completed', outcome: COMPLETED });
      });

      test('Temporal stopped in mid-call: the voice goes on, and the call ends with its outcome', {
        concurrent: false,
      }, async () => {
        const number = '+12025550143';
        const id = await api.place({ phone_number: number });
        const phone = await phones.called(number);
        await phone.at('caller-speaks', 1);
        await temporal.stop();
        await phone.at('agent-speaks', 1);
        await temporal.start();
        expect(await phone.over()).toBe('completed');
        expect(await api.ended(id)).toMatchObject({ status: 'completed', outcome: COMPLETED });
      });

      test('a stream that arrives at another server than the order is told of there, and goes on at the other when its server is killed', {
        concurrent: false,
      }, async () => {
        const id = await api.place({ phone_number: CUT_OFF });
        const events = api.events(id);
        const phone = await phones.called(CUT_OFF);
        await phone.at('agent-speaks', 0);
        expect(await warmAgents(first)).toBe(0);
        await vi.waitFor(async () => {
          const { turns } = await api.transcript(id);
          expect(turns).toHaveLength(1);
        }, PATIENCE);
        await second?.kill();
        expect(await phone.over()).toBe('completed');
        const call = await api.ended(id);
        const told = (await events).map(({ event }) => event);
        expect(told.filter((event) => event === 'stream-started')).toHaveLength(2);
        const { turns } = await api.transcript(id);
        expect(turns[0]?.text).toMatch(/^Hello/);
        expect(turns[1]?.text).toMatch(/^Sorry/);
        expect(told.filter((event) => event === 'turn')).toHaveLength(turns.length);

        const metrics = { websocket_reconnect_count: 1 };
        expect(call).toMatchObject({ status: 'completed', outcome: COMPLETED, metrics });
      });

      async function warmAgents(server: ProductProcess | undefined): Promise<number> {
        const figures = await (await fetch(`${server?.base}/metrics`)).text();
        return Number(/^\w*warm_agents (\d+)/m.exec(figures)?.[1]);
      }
    },
  );

/** Waits until all that happened is told, and compares its parts. */
async function wholeRecord(api: CallsApi, id: string): Promise<void> {
  await vi.waitFor(async () => {
    const names = (await api.events(id)).map(({ event }) => event);
    for (const once of ['stream-started', 'stream-ended'])
      expect(names.filter((name) => name === once)).toHaveLength(1);
    const { turns } = await api.transcript(id);
    expect(turns.map(({ index }) => index)).toEqual([...turns.keys()]);
    expect(names.filter((name) => name === 'turn')).toHaveLength(turns.length);
    const speakers = turns.map(({ speaker }) => speaker);
    expect(speakers.slice(0, 3)).toEqual(['agent', 'caller', 'agent']);
    const { metrics, total_transcript_segments } = await api.ended(id);
    expect(total_transcript_segments).toBe(turns.length);
    expect(metrics).not.toBeNull();
  }, PATIENCE);
}
