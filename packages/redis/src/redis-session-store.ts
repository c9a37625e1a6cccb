import {
  checkpointText,
  claimEvent,
  type LiveEvents,
  type Session,
  type SessionStore,
} from '@earshot/calls';
import type { Redis } from 'ioredis';
import { asked } from './redis-client.ts';
import { CLAIM, CREATE, END, SAVE } from './session-scripts.ts';

/** When a session of which nothing is heard is forgotten: more than any call lasts. */
const SESSION_TTL_MS = 7_200_000;

/** How long a session stays readable after its call. */
const ENDED_TTL_MS = 300_000;

export interface RedisSessionStoreOptions {
  readonly client: Redis;
  /** Who is told of claims. */
  readonly events: LiveEvents;
  /** What all keys begin with. */
  readonly prefix: string;
  readonly ttlMs?: number;
  readonly endedTtlMs?: number;
  readonly now?: () => number;
}

/**
 * Sessions in Redis, each a hash `<prefix>session:<call id>`. A claim that fails with
 * `store-unavailable` may have been carried out: `find` tells.
 */
export class RedisSessionStore implements SessionStore {
  readonly #client: Redis;
  readonly #events: LiveEvents;
  readonly #prefix: string;
  readonly #ttlMs: number;
  readonly #endedTtlMs: number;
  readonly #now: () => number;

  constructor({ client, events, prefix, ...options }: RedisSessionStoreOptions) {
    this.#client = client;
    this.#events = events;
    this.#prefix = prefix;
    this.#ttlMs = options.ttlMs ?? SESSION_TTL_MS;
    this.#endedTtlMs = options.endedTtlMs ?? ENDED_TTL_MS;
    this.#now = options.now ?? Date.now;
  }

  async create(callId: string, warmAt: string | null): Promise<boolean> {
    return (await this.#run(CREATE, callId, this.#ttlMs, warmAt ?? '')) === 1;
  }

  async find(callId: string): Promise<Session | null> {
    const fields = ['epoch', 'holder', 'warmAt', 'checkpoint'];
    return sessionOf(callId, await asked(() => this.#client.hmget(this.#key(callId), ...fields)));
  }

  async claim(callId: string, epoch: number, holder: string): Promise<Session | null> {
    const fields = await this.#run(CLAIM, callId, this.#ttlMs, `${epoch}`, `${epoch + 1}`, holder);
    const session = sessionOf(callId, fields);
    if (session) this.#events.tell(claimEvent(session, this.#now()));
    return session;
  }

  async save(callId: string, epoch: number, checkpoint: unknown): Promise<boolean> {
    const text = checkpointText(checkpoint);
    return (await this.#run(SAVE, callId, this.#ttlMs, `${epoch}`, text)) === 1;
  }

  async end(callId: string): Promise<void> {
    await this.#run(END, callId, this.#endedTtlMs);
  }

  #run(script: string, callId: string, ttlMs: number, ...values: string[]): Promise<unknown> {
    return asked(() => this.#client.eval(script, 1, this.#key(callId), ttlMs, ...values));
  }

  #key(callId: string): string {
    return `${this.#prefix}session:${callId}`;
  }
}

function sessionOf(callId: string, fields: unknown): Session | null {
  if (!Array.isArray(fields)) return null;
  const [epoch, holder, warmAt, checkpoint] = fields.map((field) =>
    typeof field === 'string' ? field : null,
  );
  if (!epoch) return null;
  return {
    callId,
    epoch: Number(epoch),
    holder: holder ?? null,
    warmAt: warmAt || null,
    checkpoint: checkpoint ? JSON.parse(checkpoint) : null,
  };
}
