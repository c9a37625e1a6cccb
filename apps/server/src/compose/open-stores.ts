import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { memoryState, memoryStores, type SharedState, type Stores } from './stores.ts';

/** Opens where calls are kept. What it opens is closed with `opened`. */
export async function openStores(
  _config: Pick<Config, 'database'>,
  _log: Logger,
  _opened: AsyncDisposableStack,
  _signal: AbortSignal,
): Promise<Stores> {
  return memoryStores();
}

/** Opens what instances share of live calls. What it opens is closed with `opened`. */
export async function openShared(
  { redis }: Pick<Config, 'redis'>,
  _log: Logger,
  _opened: AsyncDisposableStack,
): Promise<SharedState> {
  return memoryState(redis?.sessionTtlMs ?? SESSION_TTL_MS);
}

const SESSION_TTL_MS = 2 * 60 * 60_000;
