import { CallError } from '@earshot/calls';
import { Redis, type RedisOptions } from 'ioredis';

/** How long an answer is waited for: Redis answers in less than a millisecond, or something is wrong. */
const COMMAND_TIMEOUT_MS = 1000;

/** A connection that owes answers and is silent for so long is given up: its other end may be gone. */
const SILENCE_MS = 3000;

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2000;

/**
 * A client that comes back by itself for ever, and keeps nothing for later: what cannot be asked now
 * fails now. It connects when told to.
 */
export function redisClient(address: RedisOptions): Redis {
  const options: RedisOptions = {
    ...address,
    lazyConnect: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    connectTimeout: SILENCE_MS,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) =>
      Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 10), LAST_RETRY_MS),
    // A replica that was the primary until now: its name leads to the new one.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  };
  return new Redis({ ...options, replyMapping: 'legacy' });
}

/** Ends the connection at once, whatever the other end does. */
export function closeClient(client: Redis): void {
  client.disconnect();
  client.stream?.destroy();
}

/** Does what asks Redis; its failures come as `store-unavailable`. */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}

// The library's errors carry the command with its arguments, and Redis repeats some in its messages:
// neither may get into a log, so that they are no cause of ours.
function unavailable(error: unknown): CallError {
  return new CallError('store-unavailable', `Redis could not be asked: ${reasonOf(error)}`);
}

/** Why it failed, without a word of what was asked. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  if (error.message === 'Command timed out') return 'no answer in time';
  if (error.name === 'ReplyError') return /^[A-Z]+\b/.exec(error.message)?.[0] ?? 'refused';
  return 'not connected';
}
