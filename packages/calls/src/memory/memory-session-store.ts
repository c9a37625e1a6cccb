import {
  checkpointText,
  claimEvent,
  type LiveEvents,
  type Session,
  type SessionStore,
} from '../session-store.ts';

/** When a session of which nothing is heard is forgotten: more than any call lasts. */
const SESSION_TTL_MS = 7_200_000;

/** How long a session stays readable after its call. */
const ENDED_TTL_MS = 300_000;

interface Options {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Who is told of claims. */
  readonly events: LiveEvents;
  readonly ttlMs?: number;
  readonly endedTtlMs?: number;
}

interface Kept {
  readonly session: Omit<Session, 'checkpoint'>;
  /** JSON, so that what is found is nobody else's object. */
  readonly checkpoint: string;
  readonly ended: boolean;
  readonly untilMs: number;
}

/** Sessions in this process's memory: enough for one instance. */
export class MemorySessionStore implements SessionStore {
  readonly #now: () => number;
  readonly #events: LiveEvents;
  readonly #ttlMs: number;
  readonly #endedTtlMs: number;
  /** The next to be forgotten need not be the first: ended sessions are kept for a shorter time. */
  readonly #kept = new Map<string, Kept>();

  constructor({ now, events, ttlMs = SESSION_TTL_MS, endedTtlMs = ENDED_TTL_MS }: Options) {
    this.#now = now;
    this.#events = events;
    this.#ttlMs = ttlMs;
    this.#endedTtlMs = endedTtlMs;
  }

  async create(callId: string, warmAt: string | null): Promise<boolean> {
    this.#forget();
    if (this.#kept.has(callId)) return false;
    const session = { callId, epoch: 0, holder: null, warmAt };
    this.#keep({ session, checkpoint: 'null', ended: false, untilMs: this.#now() + this.#ttlMs });
    return true;
  }

  async find(callId: string): Promise<Session | null> {
    const kept = this.#get(callId);
    return kept && sessionOf(kept);
  }

  async claim(callId: string, epoch: number, holder: string): Promise<Session | null> {
    const kept = this.#held(callId, epoch);
    if (!kept) return null;
    const untilMs = this.#now() + this.#ttlMs;
    const session = sessionOf(
      this.#keep({ ...kept, session: { ...kept.session, epoch: epoch + 1, holder }, untilMs }),
    );
    this.#events.tell(claimEvent(session, this.#now()));
    return session;
  }

  async save(callId: string, epoch: number, checkpoint: unknown): Promise<boolean> {
    const text = checkpointText(checkpoint);
    const kept = this.#held(callId, epoch);
    if (kept) this.#keep({ ...kept, checkpoint: text, untilMs: this.#now() + this.#ttlMs });
    return kept !== null;
  }

  async end(callId: string): Promise<void> {
    const kept = this.#get(callId);
    if (kept && !kept.ended)
      this.#keep({ ...kept, ended: true, untilMs: this.#now() + this.#endedTtlMs });
  }

  #get(callId: string): Kept | null {
    const kept = this.#kept.get(callId);
    return kept && kept.untilMs > this.#now() ? kept : null;
  }

  /** The session that may be written at this epoch. */
  #held(callId: string, epoch: number): Kept | null {
    const kept = this.#get(callId);
    return kept && !kept.ended && kept.session.epoch === epoch ? kept : null;
  }

  #keep(kept: Kept): Kept {
    this.#kept.set(kept.session.callId, kept);
    return kept;
  }

  #forget(): void {
    const nowMs = this.#now();
    for (const [id, { untilMs }] of this.#kept) if (untilMs <= nowMs) this.#kept.delete(id);
  }
}

function sessionOf({ session, checkpoint }: Kept): Session {
  return { ...session, checkpoint: JSON.parse(checkpoint) };
}
