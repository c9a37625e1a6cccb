import { CallError } from '@earshot/calls';
import type { Redis } from 'ioredis';
import { addressOptions, type RedisAddress } from './redis-address.ts';
import { asked, closeClient, reasonOf, redisClient } from './redis-client.ts';
import { RedisLiveEvents } from './redis-live-events.ts';
import { RedisSessionStore } from './redis-session-store.ts';

export type RedisSettings = RedisAddress & {
  /** Certificate of the authority that signed Redis's own, in PEM, where the system does not know it. */
  readonly authority?: string;
  /** How long a session is kept of which nothing is heard: `REDIS_SESSION_TTL`. */
  readonly sessionTtlMs?: number;
  /** What all keys and channels begin with. */
  readonly prefix?: string;
  /** Told when Redis goes away, with the reason, and when it is back. */
  readonly onChange?: (isThere: boolean, reason: string | null) => void;
};

/** Sessions and live events that several instances share. */
export interface SharedRedis extends AsyncDisposable {
  readonly sessions: RedisSessionStore;
  readonly events: RedisLiveEvents;
  /** Rejects with `store-unavailable`. */
  ping(): Promise<void>;
}

/** Redis's answers to wrong credentials: trying again is of no use. */
const REFUSALS = ['WRONGPASS', 'NOAUTH', 'NOPERM', 'ERR'];

/**
 * Connects with Redis. When it cannot be reached it is tried for ever, and all that is asked meanwhile
 * fails at once; when it refuses us, this rejects with `store-unavailable`.
 */
export async function openRedis(settings: RedisSettings): Promise<SharedRedis> {
  const { authority, sessionTtlMs, prefix = 'earshot:', onChange = () => {} } = settings;
  const address = addressOptions(settings, authority);
  // Databases are separate, channels are not.
  const events = { prefix: `${prefix}${address.db}:` };
  const client = redisClient(address);
  const subscriber = redisClient(address);
  await using opened = new AsyncDisposableStack();
  for (const one of [client, subscriber]) opened.defer(() => closeClient(one));
  watch(client, onChange);
  subscriber.on('error', () => {});
  const live = opened.use(new RedisLiveEvents({ client, subscriber, ...events }));
  const ttl = sessionTtlMs === undefined ? {} : { ttlMs: sessionTtlMs };
  const sessions = new RedisSessionStore({ client, events: live, prefix, ...ttl });
  await Promise.all([connect(client), connect(subscriber)]);
  const all = opened.move();
  return {
    sessions,
    events: live,
    ping: () => asked(async () => void (await client.ping())),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Resolves, too, when Redis is away. */
async function connect(client: Redis): Promise<void> {
  let refusal: string | null = null;
  const note = (error: unknown) => {
    const reason = reasonOf(error);
    if (REFUSALS.includes(reason)) refusal = reason;
  };
  client.on('error', note);
  await client.connect().catch(note);
  client.off('error', note);
  if (refusal !== null) throw new CallError('store-unavailable', `Redis refuses us: ${refusal}`);
}

/** Tells each change once. A client without a listener for errors would end the process. */
function watch(client: Redis, onChange: (isThere: boolean, reason: string | null) => void): void {
  let isThere: boolean | null = null;
  let reason = 'closed';
  const change = (now: boolean) => {
    if (now === isThere) return;
    isThere = now;
    onChange(now, now ? null : reason);
  };
  client.on('error', (error: unknown) => {
    reason = reasonOf(error);
  });
  client.on('ready', () => change(true));
  client.on('close', () => change(false));
}
