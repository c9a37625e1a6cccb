import { createServer } from 'node:net';
import { CallError } from '@earshot/calls';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { PostgresCallStore } from './postgres-call-store.ts';
import { PostgresOutbox } from './postgres-outbox.ts';
import { openTemporary, type TemporaryDatabase } from './temporary-database.ts';
import { openPooler } from './transaction-pooler.fake.ts';

const { signal } = new AbortController();

const PLAN = {
  id: 'call-1',
  direction: 'outbound',
  to: '+15550100001',
  from: '+15550100002',
  receptionistId: null,
  greeting: 'a secret greeting',
  systemPrompt: null,
  maxDurationMs: 60_000,
  ringTimeoutMs: 30_000,
  machineDetection: 'off',
  record: false,
  vadConfig: null,
  metadata: {},
  agent: null,
} as const;

describe('the database', () => {
  let temporary: TemporaryDatabase;
  beforeAll(async () => {
    temporary = await openTemporary();
  });
  afterAll(() => temporary[Symbol.asyncDispose]());

  const open = (options: Partial<Parameters<typeof openDatabase>[0]> = {}) =>
    openDatabase({ url: temporary.url, ...options }, signal);

  test('is not opened where no server is, and says so without the password', async () => {
    const error = await failure(openDatabase({ url: 'postgres://u:hidden@127.0.0.1:1/d' }, signal));
    expect(error).toMatchObject({ code: 'store-unavailable', retryable: true, cause: undefined });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('hidden');
  });

  test('is not opened with a wrong password, or by an aborted start', async () => {
    const url = new URL(temporary.url);
    url.password = 'wrong';
    expect((await failure(open({ url: url.href }))).message).toContain('28P01');
    const aborted = openDatabase({ url: temporary.url }, AbortSignal.abort());
    await expect(aborted).rejects.toThrow('abort');
  });

  test('is not opened where something else answers', async () => {
    await using other = createServer((socket) =>
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const error = await failure(open({ url: `postgres://u:p@127.0.0.1:${port}/d` }));
    expect(error.code).toBe('store-unavailable');
  });

  test('asks for TLS elsewhere and goes on without where there is none', async () => {
    // An address of this machine that is not written as one.
    const url = temporary.url.replace('127.0.0.1', '0.0.0.0');
    await using database = await open({ url });
    expect(await one(database)).toBe(1);
    const error = await failure(open({ url: `${url}?sslmode=require` }));
    expect(error.code).toBe('store-unavailable');
  });

  test('ends a statement that takes too long, on the server, and goes on', async () => {
    await using database = await open({ statementMs: 50 });
    const error = await failure(database.transact((tx) => tx.execute(sql`select pg_sleep(60)`)));
    expect(error).toMatchObject({ code: 'store-unavailable', retryable: true });
    expect(error.message).toContain('57014');
    expect(await one(database)).toBe(1);
    const [row] = await temporary.database.transact(
      async (tx) =>
        (
          await tx.execute(
            sql`select count(*)::int as sleeping from pg_stat_activity where query like 'select pg_sleep%'`,
          )
        ).rows,
    );
    expect(row).toEqual({ sleeping: 0 });
  });

  test('lets nobody wait for ever when all connections are taken', async () => {
    await using database = await open({ poolSize: 1, overflow: 1 });
    const { promise: held, resolve: let_go } = Promise.withResolvers<void>();
    const holding = [1, 2].map(() => database.transact(() => held));
    const error = await failure(database.transact(async () => 1, 20));
    expect(error).toMatchObject({ code: 'store-unavailable', retryable: true });
    let_go();
    await Promise.all(holding);
    expect(await one(database)).toBe(1);
  });

  test('takes back everything of a transaction that fails', async () => {
    const store = new PostgresCallStore(temporary.database);
    await store.create(PLAN, 1, null);
    const failed = temporary.database.transact(async (tx) => {
      await tx.execute(sql`delete from calls`);
      throw new Error('half-way');
    });
    await failure(failed);
    expect(await store.find(PLAN.id)).toMatchObject({ greeting: PLAN.greeting });
  });

  test('goes on when the server closes its connections', async () => {
    const lost: string[] = [];
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const onLost = (code: string) => {
      lost.push(code);
      resolve();
    };
    await using database = await open({ poolSize: 2, onLost });
    const pid = await database.transact(
      async (tx) => (await tx.execute(sql`select pg_backend_pid() as pid`)).rows[0]?.pid,
    );
    await temporary.database.transact((tx) => tx.execute(sql`select pg_terminate_backend(${pid})`));
    await told;
    expect(lost).toEqual(['57P01']);
    expect(await one(database)).toBe(1);
  });

  test('says nothing of rows and statements when one fails', async () => {
    const store = new PostgresCallStore(temporary.database);
    const bad = [
      store.create({ ...PLAN, id: 'call-2', maxDurationMs: 1e30 }, 1, null),
      store.create({ ...PLAN, id: 'call-3' }, 1e300, null),
      store.addMessage('call-1', {
        index: 1e12,
        name: 'a secret name',
        number: '+15550100003',
        text: 'a secret text',
        takenAtMs: 1,
      }),
    ];
    for (const error of await Promise.all(bad.map(failure))) {
      expect(error).toMatchObject({ code: 'store-unavailable', cause: undefined });
      expect(`${error.stack}`).not.toMatch(/secret|\+1555|insert/);
    }
  });

  test('gives two calls one id of the carrier never', async () => {
    await temporary.empty();
    const store = new PostgresCallStore(temporary.database);
    await store.create({ ...PLAN, id: 'call-a' }, 1, 'CA1');
    await store.create({ ...PLAN, id: 'call-b' }, 2, null);
    await store.note('call-b', { carrierCallId: 'CA1', phase: 'ringing', ringingAtMs: 3 });
    expect(await store.find('call-b')).toMatchObject({ carrierCallId: null, phase: 'ringing' });
    expect(await store.findByCarrierId('CA1')).toMatchObject({ id: 'call-a' });
    await store.note('call-b', { carrierCallId: 'CA2' });
    expect(await store.find('call-b')).toMatchObject({ carrierCallId: 'CA2' });
  });

  test('fills the columns that people look at', async () => {
    await temporary.empty();
    const store = new PostgresCallStore(temporary.database);
    await store.create(PLAN, 1_000, null);
    await store.note(PLAN.id, { phase: 'answered', answeredAtMs: 2_000 });
    await store.settle(PLAN.id, { blame: 'nobody', reason: 'completed' }, 63_400);
    const { rows } = await temporary.database.transact((tx) =>
      tx.execute(sql`select phone_number, own_number, status, duration_seconds, outcome_blame,
        extract(epoch from started_at) * 1000 as started_ms from calls`),
    );
    expect(rows).toEqual([
      {
        phone_number: PLAN.to,
        own_number: PLAN.from,
        status: 'completed',
        duration_seconds: 61,
        outcome_blame: 'nobody',
        started_ms: '1000.000000',
      },
    ]);
  });

  test('is used through a transaction pooler, which keeps nothing between transactions', async () => {
    await temporary.empty();
    await using pooler = await openPooler(temporary.url);
    const { url } = pooler;
    const { down } = await migrate({ url, to: 0 }, signal);
    const { up } = await migrate({ url }, signal);
    expect(up).toEqual(down.toReversed());
    expect(up).toContain('0000_calls');
    await using database = await openDatabase({ url, poolSize: 8 }, signal);
    const store = new PostgresCallStore(database);
    const outbox = new PostgresOutbox(database);
    const ids = Array.from({ length: 20 }, (_, i) => `call-${i}`);
    await Promise.all(ids.map((id) => store.create({ ...PLAN, id }, 1, null)));
    await Promise.all(ids.map((id) => store.note(id, { phase: 'ringing', carrierCallId: id })));
    expect((await store.list({ status: 'ringing' }, 50, null)).calls).toHaveLength(20);
    expect(await outbox.claim(1, 1, 1)).toEqual([]);
    await failure(store.create({ ...PLAN, id: 'call-bad', maxDurationMs: 1e30 }, 1, null));
    const settings = [1, 2].map(() =>
      database.transact(
        async (tx) =>
          (await tx.execute(sql`select source from pg_settings where name = 'statement_timeout'`))
            .rows,
      ),
    );
    for (const rows of await Promise.all(settings)) expect(rows).toEqual([{ source: 'session' }]);
    expect(pooler.names).toEqual([]);
    expect(pooler.transactions).toBeGreaterThan(40);
  });
});

async function one(database: TemporaryDatabase['database']): Promise<unknown> {
  return database.transact(async (tx) => (await tx.execute(sql`select 1 as one`)).rows[0]?.one);
}

async function failure(work: Promise<unknown>): Promise<CallError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
