import {
  type ApiKeyStore,
  type CallStore,
  type HostStore,
  type IdempotencyStore,
  type LiveEvents,
  MemoryApiKeyStore,
  MemoryCallStore,
  MemoryIdempotencyStore,
  MemoryLiveEvents,
  MemoryOutbox,
  MemorySessionStore,
  type Outbox,
  type SessionStore,
} from '@earshot/calls';

/** What outlives a request, and perhaps the process. */
export interface Stores {
  readonly store: CallStore;
  /** Who hosts which call; null: no other process has the store. */
  readonly hosts: HostStore | null;
  readonly keys: ApiKeyStore;
  readonly idempotency: IdempotencyStore;
  readonly outbox: Outbox;
}

/** What instances share of live calls. */
export interface SharedState {
  readonly sessions: SessionStore;
  readonly events: LiveEvents;
}

export function memoryStores(): Stores {
  return {
    store: new MemoryCallStore(),
    hosts: null,
    keys: new MemoryApiKeyStore(),
    idempotency: new MemoryIdempotencyStore(),
    outbox: new MemoryOutbox(),
  };
}

export function memoryState(ttlMs: number): SharedState {
  const events = new MemoryLiveEvents();
  return { events, sessions: new MemorySessionStore({ now: Date.now, events, ttlMs }) };
}
