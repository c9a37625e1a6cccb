import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { loadMigrations } from './migrations.ts';
import { openTemporary, type TemporaryDatabase } from './temporary-database.ts';

const { signal } = new AbortController();
const NAMES = (await loadMigrations()).map(({ name }) => name);
const NEXT = NAMES.length + 1;

describe('migrate', () => {
  let temporary: TemporaryDatabase;
  beforeAll(async () => {
    temporary = await openTemporary();
  });
  afterAll(() => temporary[Symbol.asyncDispose]());
  beforeEach(async () => {
    await query('drop table if exists extra');
    await query(`delete from earshot_migrations where number >= ${NEXT}`);
    await migrate({ url: temporary.url }, signal);
  });

  const query = (text: string) =>
    temporary.database.transact(async (tx) => (await tx.execute(sql.raw(text))).rows);

  const at = () => query('select number, name from earshot_migrations order by number');

  test('up, down and up leaves the same schema', async () => {
    const before = await schemaOf(query);
    expect(before.length).toBeGreaterThan(100);
    expect(await migrate({ url: temporary.url, to: 0 }, signal)).toEqual({
      up: [],
      down: NAMES.toReversed(),
    });
    expect(await schemaOf(query)).toEqual([]);
    expect(await migrate({ url: temporary.url }, signal)).toEqual({ up: NAMES, down: [] });
    expect(await schemaOf(query)).toEqual(before);
  });

  test('does nothing the second time', async () => {
    expect(await migrate({ url: temporary.url }, signal)).toEqual({ up: [], down: [] });
  });

  test('refuses a database that is newer than this Earshot, both ways', async () => {
    await query(`insert into earshot_migrations (number, name) values (${NEXT}, '9999_future')`);
    for (const to of [undefined, 0])
      await expect(migrate({ url: temporary.url, to }, signal)).rejects.toMatchObject({
        code: 'database-newer',
        message: expect.stringContaining('9999_future'),
      });
    expect(await at()).toHaveLength(NEXT);
  });

  test('refuses a database whose steps are not ours', async () => {
    await query(`update earshot_migrations set name = '0000_other' where number = 1`);
    await expect(migrate({ url: temporary.url }, signal)).rejects.toMatchObject({
      code: 'migration-failed',
    });
    await query(`update earshot_migrations set name = '0000_calls' where number = 1`);
  });

  test.each([-1, NEXT, 0.5, Number.NaN])('knows no step %s', async (to) => {
    await expect(migrate({ url: temporary.url, to }, signal)).rejects.toMatchObject({
      code: 'migration-failed',
    });
  });

  test('leaves the database as it was when a step fails, and says which', async () => {
    const migrations = [
      ...(await loadMigrations()),
      {
        number: NEXT,
        name: '8000_well',
        up: 'create table extra (id int)',
        down: 'drop table extra',
      },
      { number: NEXT + 1, name: '8001_ill', up: `select 'a secret'::int`, down: '' },
    ];
    await expect(migrate({ url: temporary.url, migrations }, signal)).rejects.toMatchObject({
      code: 'migration-failed',
      message: 'Migration 8001_ill did not run (22P02).',
      cause: undefined,
    });
    expect(await at()).toEqual(NAMES.map((name, i) => ({ number: i + 1, name })));
    expect(await query(`select to_regclass('extra') as found`)).toEqual([{ found: null }]);
  });

  test('goes up and down step by step in order', async () => {
    const step = (number: number, name: string) => ({
      number,
      name,
      up: `create table if not exists extra (step int); insert into extra values (${number})`,
      down: `delete from extra where step = ${number}`,
    });
    const [a, b, c] = [step(NEXT, '8000_a'), step(NEXT + 1, '8001_b'), step(NEXT + 2, '8002_c')];
    const migrations = [...(await loadMigrations()), a, b, c];
    const go = (to: number) => migrate({ url: temporary.url, migrations, to }, signal);
    expect(await go(NEXT + 1)).toEqual({ up: ['8000_a', '8001_b'], down: [] });
    expect(await go(NEXT + 2)).toEqual({ up: ['8002_c'], down: [] });
    expect(await go(NEXT)).toEqual({ up: [], down: ['8002_c', '8001_b'] });
    expect(await query('select step from extra')).toEqual([{ step: NEXT }]);
    await go(NEXT - 1);
  });

  test('servers that start together do it once', async () => {
    await migrate({ url: temporary.url, to: 0 }, signal);
    const all = await Promise.all(
      Array.from({ length: 6 }, () => migrate({ url: temporary.url }, signal)),
    );
    expect(all.flatMap(({ up }) => up)).toEqual(NAMES);
  });

  test('keeps tables from whoever is not their owner', async () => {
    const open = await query(
      `select relname from pg_class join pg_namespace n on n.oid = relnamespace
       where relkind = 'r' and nspname = 'public' and not relrowsecurity`,
    );
    expect(open).toEqual([]);
  });

  test('an abort ends the wait for another server', async () => {
    const holder = new pg.Client({ connectionString: temporary.url });
    await holder.connect();
    await holder.query('begin; lock table earshot_migrations');
    const controller = new AbortController();
    const waiting = migrate({ url: temporary.url }, controller.signal);
    await Promise.race([blocked(query), waiting]);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'store-unavailable' });
    await holder.end();
  });
});

test('the migrations make what the schema says', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const out = await mkdtemp(join(tmpdir(), 'earshot-migrations-'));
  try {
    await cp(join(root, 'migrations'), out, { recursive: true });
    const before = await readdir(out);
    const kit = fileURLToPath(new URL('bin.cjs', import.meta.resolve('drizzle-kit')));
    // It takes paths from where it runs, and ends well whatever happens: its words tell.
    const places = ['--schema=./src/schema.ts', `--out=${relative(root, out)}`];
    const args = [kit, 'generate', '--dialect=postgresql', ...places];
    const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(stdout).toContain('No schema changes, nothing to migrate');
    expect(await readdir(out)).toEqual(before);
  } finally {
    await rm(out, { recursive: true });
  }
});

type Query = (text: string) => Promise<readonly unknown[]>;

/** Everything in the schema but the record of migrations, one row each. */
async function schemaOf(query: Query): Promise<readonly unknown[]> {
  const statements = [
    `select table_name, column_name, data_type, udt_name, column_default, is_nullable, datetime_precision
     from information_schema.columns where table_schema = 'public' order by 1, ordinal_position`,
    `select indexname, indexdef, tablename as table_name from pg_indexes where schemaname = 'public' order by 1`,
    `select conname, pg_get_constraintdef(oid), conrelid::regclass::text as table_name from pg_constraint
     where connamespace = 'public'::regnamespace order by 1`,
    `select typname, enumlabel, '' as table_name from pg_enum join pg_type t on t.oid = enumtypid order by 1, enumsortorder`,
    `select relname as table_name, relrowsecurity from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  ];
  const all = statements.map(
    (statement) =>
      `select to_jsonb(found) as found from (${statement}) found where table_name <> 'earshot_migrations'`,
  );
  const rows = await Promise.all(all.map(query));
  return rows.flat();
}

async function blocked(query: Query): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock'`;
  while ((await query(waiting)).length === 0) await new Promise(setImmediate);
}
