import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openPostgres } from './open-database.ts';
import { memoryState, memoryStores, type SharedState, type Stores } from './stores.ts';

const SESSION_TTL_MS = 2 * 60 * 60_000;

/** Opens where calls are kept. What it opens is closed with `opened`. */
export async function openStores(
  { database }: Pick<Config, 'database'>,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Stores> {
  return database.type === 'memory' ? memoryStores() : openPostgres(database, log, opened, signal);
}

/** Opens what instances share of live calls. What it opens is closed with `opened`. */
export async function openShared(
  { redis }: Pick<Config, 'redis'>,
  log: Logger,
  opened: AsyncDisposableStack,
): Promise<SharedState> {
  if (!redis) return memoryState(SESSION_TTL_MS);
  const { openRedis } = await import('@earshot/redis');
  const onChange = (isThere: boolean, reason: string | null) =>
    isThere ? log.info('Redis is there') : log.warn({ reason }, 'Redis is away');
  const { url, sessionTtlMs } = redis;
  return opened.use(await openRedis({ url: new URL(url), sessionTtlMs, onChange }));
}
