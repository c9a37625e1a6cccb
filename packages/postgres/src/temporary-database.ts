import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from './database.ts';
import { EmbeddedDatabase } from './embedded/embedded-database.ts';
import { migrate } from './migrate.ts';

/** A real server with a migrated database, for tests. */
export interface TemporaryDatabase extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
  empty(): Promise<void>;
}

const PLACES_OF_15 = ['/usr/lib/postgresql/15', '/usr/pgsql-15', '/usr/local/pgsql-15'];

/** Where PostgreSQL 15 is installed on this machine; null: nowhere that we know. */
export function postgres15(): string | null {
  return PLACES_OF_15.find((place) => existsSync(join(place, 'bin', 'initdb'))) ?? null;
}

/** Starts one in a directory of its own; `native` as in `InstallationPlaces`. */
export async function openTemporary(native?: string): Promise<TemporaryDatabase> {
  const { signal } = new AbortController();
  await using parts = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'earshot-database-'));
  parts.defer(() => rm(dir, { recursive: true, force: true }));
  const { url } = parts.use(
    await EmbeddedDatabase.open({ dir, scratch: true, installation: { native } }, signal),
  );
  await migrate({ url }, signal);
  const database = parts.use(await openDatabase({ url, poolSize: 4, overflow: 4 }, signal));
  const owned = parts.move();
  return {
    url,
    database,
    empty: () => empty(database),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const TABLES = [
  'calls',
  'hosts',
  'transcripts',
  'call_events',
  'call_metrics',
  'messages',
  'api_keys',
  'idempotency_keys',
  'webhook_deliveries',
];

/** Deleting few rows is much faster than truncating tables, which makes new files. */
async function empty(database: Database): Promise<void> {
  const deletes = TABLES.map((table) => `delete from ${table}`).join('; ');
  await database.transact((tx) => tx.execute(sql.raw(deletes)));
}
