import type pg from 'pg';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { loadMigrations, type Migration } from './migrations.ts';
import { codeOf, storeFailure } from './store-failure.ts';

export interface MigrateOptions extends Connection {
  /** The number of the last step that is to be there, from 1; 0: none of them. Default: the newest. */
  readonly to?: number | undefined;
  readonly migrations?: readonly Migration[] | undefined;
}

/** Names of steps in the order in which they were taken or taken back. */
export interface Migrated {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Any number will do that nobody else takes: 'earshot' as if it were digits of base 36. */
const LOCK = 31_279_446_437;
const LOCK_WAIT_MS = 60_000;

/**
 * Brings the schema to a step, up or down, in one transaction: all of it or nothing. Servers that
 * start together wait for one another, through a transaction pooler too.
 */
export async function migrate(options: MigrateOptions, signal: AbortSignal): Promise<Migrated> {
  const steps = options.migrations ?? (await loadMigrations());
  const to = options.to ?? steps.length;
  if (!Number.isInteger(to) || to < 0 || to > steps.length)
    throw new DatabaseError('migration-failed', `There is no step ${to}: 0 to ${steps.length}.`);
  const { client } = await connect(options, signal);
  const stop = () => void client.end().catch(nothingLeft);
  signal.addEventListener('abort', stop);
  try {
    return await moveTo(client, steps, to);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(nothingLeft);
  }
}

async function moveTo(client: pg.Client, steps: readonly Migration[], to: number) {
  await ask(client, `begin; set local lock_timeout = ${LOCK_WAIT_MS}`);
  await ask(client, `select pg_advisory_xact_lock(${LOCK})`);
  await ask(
    client,
    `create table if not exists earshot_migrations (
       number integer primary key, name text not null, applied_at timestamptz not null default now());
     alter table earshot_migrations enable row level security`,
  );
  const { rows } = await ask(client, 'select number, name from earshot_migrations order by number');
  const at = checked(rows, steps);
  const up = steps.slice(at, to);
  const down = steps.slice(to, at).reverse();
  for (const step of up) await stepUp(client, step);
  for (const step of down) await stepDown(client, step);
  await ask(client, 'commit');
  return { up: up.map(({ name }) => name), down: down.map(({ name }) => name) };
}

/** How many steps were taken, if they are the ones that we know. */
function checked(
  rows: readonly { readonly number: number; readonly name: string }[],
  steps: readonly Migration[],
): number {
  const newer = rows.find(({ number }) => number > steps.length);
  if (newer)
    throw new DatabaseError(
      'database-newer',
      `The database is at step ${rows.at(-1)?.number} (${rows.at(-1)?.name}), this Earshot knows ${steps.length}: start the newer Earshot, or take its steps back with it first.`,
    );
  const other = rows.find(({ number, name }, i) => number !== i + 1 || steps[i]?.name !== name);
  if (other)
    throw new DatabaseError(
      'migration-failed',
      `The database was made by other steps than ours: ${other.number} is ${other.name} there.`,
    );
  return rows.length;
}

async function stepUp(client: pg.Client, { number, name, up }: Migration): Promise<void> {
  await take(client, name, up);
  await ask(client, 'insert into earshot_migrations (number, name) values ($1, $2)', [
    number,
    name,
  ]);
}

async function stepDown(client: pg.Client, { number, name, down }: Migration): Promise<void> {
  await take(client, name, down);
  await ask(client, 'delete from earshot_migrations where number = $1', [number]);
}

async function take(client: pg.Client, name: string, statements: string): Promise<void> {
  try {
    await client.query(statements);
  } catch (error) {
    const code = codeOf(error) ?? 'no code';
    throw new DatabaseError('migration-failed', `Migration ${name} did not run (${code}).`);
  }
}

async function ask(client: pg.Client, statement: string, values?: readonly unknown[]) {
  try {
    return await client.query(statement, values && [...values]);
  } catch (error) {
    throw storeFailure(error);
  }
}

function nothingLeft(): void {}
