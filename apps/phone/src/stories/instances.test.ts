import process from 'node:process';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from '@earshot/temporal/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../demo/server-process.ts';
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
const isHere = cli !== null && hasPostgres;

const COMPLETED = { blame: 'nobody', reason: 'completed' };

describe.skipIf(!isHere)(
  `two servers and a worker on PostgreSQL, Redis and Temporal${isHere ? '' : ` (skipped: ${missing})`}`,
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
      phones = stack.use(await CalledPhones.open({ folder }));
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

    test('kill -9 of the worker in mid-call: the call’s life goes on with another one', async () => {
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

    test('Temporal stopped in mid-call: the voice goes on, and the call ends with its outcome', async () => {
      const number = '+12025550143';
      const id = await api.place({ phone_number: number });
      const phone = await phones.called(number);
      await phone.at('caller-speaks', 1);
      await temporal.stop();
      await phone.at('caller-speaks', 2);
      expect(phone.told).toContain('agent-speaks 1');
      await temporal.start();
      expect(await phone.over()).toBe('completed');
      expect(await api.ended(id)).toMatchObject({ status: 'completed', outcome: COMPLETED });
    });

    test('a stream that arrives at another server than the order is told of there, and goes on at the other when its server is killed', async () => {
      const number = '+12025550144';
      const id = await api.place({ phone_number: number });
      const events = api.events(id);
      const phone = await phones.called(number);
      await phone.at('agent-speaks', 0);
      expect(await warmAgents(first)).toBe(0);
      await phone.at('caller-speaks', 1);
      await second?.kill();
      expect(await phone.over()).toBe('completed');
      const call = await api.ended(id);
      const told = (await events).map(({ event }) => event);
      expect(told.filter((event) => event === 'stream-started')).toHaveLength(2);
      const { turns } = await api.transcript(id);
      expect(turns[0]?.text).toMatch(/^Hello/);
      expect(turns[1]?.text).toMatch(/^Sorry/);
      expect(turns.at(-1)?.text).toMatch(/Goodbye/);
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
