import type { ApiKeyStore } from '@earshot/calls';
import {
  type Connection,
  EmbeddedDatabase,
  migrate,
  openDatabase,
  serverConnection,
} from '@earshot/postgres';
import { postgresStores } from '../compose/open-database.ts';
import type { DatabaseConfig } from '../config/stores.ts';
import { UsageError } from './usage-error.ts';

/** Where keys are kept, and what that needed to be opened. */
export interface OpenKeys extends AsyncDisposable {
  readonly keys: ApiKeyStore;
}

/** Opens the keys of the configured database; of the embedded one whether its server runs or not. */
export async function openKeys(config: DatabaseConfig, signal: AbortSignal): Promise<OpenKeys> {
  await using opened = new AsyncDisposableStack();
  const connection = await connectionOf(config, opened, signal);
  await migrate(connection, signal);
  const pool = { poolSize: 1, overflow: 0 };
  const { keys } = postgresStores(
    opened.use(await openDatabase({ ...connection, ...pool }, signal)),
  );
  const resources = opened.move();
  return { keys, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function connectionOf(
  config: DatabaseConfig,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Connection> {
  if (config.type === 'memory')
    throw new UsageError('With DATABASE_URL=memory: there is nowhere to keep a key.');
  if (config.type === 'server') return serverConnection(config);
  const running = await EmbeddedDatabase.urlOf(config.folder);
  if (running !== null) return { url: running };
  return { url: opened.use(await EmbeddedDatabase.open({ dir: config.folder }, signal)).url };
}
