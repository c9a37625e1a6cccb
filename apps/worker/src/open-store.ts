import { CallError } from '@earshot/calls';
import {
  type Connection,
  type Database,
  EmbeddedDatabase,
  openDatabase,
  serverConnection,
} from '@earshot/postgres';
import type { PostgresConfig } from '@earshot/process';
import type { Logger } from 'pino';

/** Opens the server's database. */
export async function openStore(
  config: PostgresConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<Database> {
  const { poolSize, maxOverflow, poolTimeoutMs } = config;
  const onLost = (code: string) => log.warn({ code }, 'connection to the database lost');
  const pool = { poolSize, overflow: maxOverflow, timeoutMs: poolTimeoutMs, onLost };
  return openDatabase({ ...(await connectionOf(config)), ...pool }, signal);
}

/** Rejects with `store-unavailable` while no server runs whose own database this is. */
export async function connectionOf(config: PostgresConfig): Promise<Connection> {
  if (config.type === 'server') return serverConnection(config);
  const url = await EmbeddedDatabase.urlOf(config.folder);
  if (url === null)
    throw new CallError('store-unavailable', `No server has its database in ${config.folder} now`);
  return { url };
}
