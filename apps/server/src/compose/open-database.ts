import {
  type Connection,
  type Database,
  EmbeddedDatabase,
  migrate,
  openDatabase,
  PostgresApiKeyStore,
  PostgresCallStore,
  PostgresHostStore,
  PostgresIdempotencyStore,
  PostgresOutbox,
  serverConnection,
} from '@earshot/postgres';
import type { Logger } from 'pino';
import type { DatabaseConfig } from '../config/stores.ts';
import type { Stores } from './stores.ts';

type PostgresConfig = Exclude<DatabaseConfig, { readonly type: 'memory' }>;

/** Opens the database, brings its tables up to date, and closes it with `opened`. */
export async function openPostgres(
  config: PostgresConfig,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Stores> {
  const connection = await connectionOf(config, log, opened, signal);
  const { up } = await migrate(connection, signal);
  if (up.length > 0) log.info({ steps: up }, 'tables brought up to date');
  const database = opened.use(await poolOf(config, connection, log, signal));
  const stores = postgresStores(database);
  // The database that comes along is for one server: nobody else can host its calls.
  return config.type === 'embedded' ? { ...stores, hosts: null } : stores;
}

export function postgresStores(database: Database): Stores {
  return {
    store: new PostgresCallStore(database),
    hosts: new PostgresHostStore(database),
    keys: new PostgresApiKeyStore(database),
    idempotency: new PostgresIdempotencyStore(database),
    outbox: new PostgresOutbox(database),
  };
}

async function connectionOf(
  config: PostgresConfig,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Connection> {
  if (config.type === 'server') return serverConnection(config);
  const tell = (line: string) => log.info({ line }, 'embedded database');
  const { url } = opened.use(
    await EmbeddedDatabase.open({ dir: config.folder, log: tell }, signal),
  );
  return { url };
}

function poolOf(
  { poolSize, maxOverflow, poolTimeoutMs }: PostgresConfig,
  connection: Connection,
  log: Logger,
  signal: AbortSignal,
): Promise<Database> {
  const onLost = (code: string) => log.warn({ code }, 'a connection to the database was lost');
  const pool = { poolSize, overflow: maxOverflow, timeoutMs: poolTimeoutMs, onLost };
  return openDatabase({ ...connection, ...pool }, signal);
}
