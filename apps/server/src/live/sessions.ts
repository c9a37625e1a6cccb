import type { CallStore, SessionStore } from '@earshot/calls';
import type { AgentMemory } from '@earshot/conversation';
import type { Logger } from 'pino';
import { noMark, type RecordMark } from './call-scribe.ts';
import { Checkpoint, memoryOfTurns } from './checkpoint.ts';

/** What is known of a call when a stream of it begins. */
export interface Claim {
  /** Under which checkpoints are saved; null: they cannot be. */
  readonly epoch: number | null;
  /** The stream's number, from 1. */
  readonly stream: number;
  readonly mark: RecordMark;
  /** What the agent knew on an earlier stream; null: there was none. */
  readonly agent: AgentMemory | null;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  /** Asked for what a session that is gone has held. */
  readonly calls: Pick<CallStore, 'turns' | 'events' | 'messages'>;
  /** Names this process among all. */
  readonly instance: string;
  readonly log: Logger;
  readonly now: () => number;
  /** How long a caller waits for the stores. Default 300 ms. */
  readonly patienceMs?: number;
}

/** Somebody else may claim the session at the same moment. */
const MOST_TRIES = 3;
/** A store that has kept a caller waiting is not asked again for so long. */
const REST_MS = 5_000;
const MOST_LAST = 200;

/** The sessions of live calls: what goes on with a call when its stream, or a whole instance, is lost. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** By call, the newest checkpoint to be saved; null: the save under way has the newest. */
  readonly #saving = new Map<string, (() => Checkpoint) | null>();
  /** The last of streams that have ended here, for when the store is away. */
  readonly #last = new Map<string, Checkpoint>();
  #restUntilMs = 0;
  #works = true;
  failed = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** An agent is warm here for this call. */
  async announce(callId: string): Promise<void> {
    await this.#options.store.create(callId, this.#options.instance).catch(this.#fail);
  }

  /** Makes this process the holder of the call. Never rejects, and keeps no caller waiting for long. */
  async claim(callId: string): Promise<Claim> {
    const session = await this.#inTime(() => this.#claim(callId));
    const epoch = session?.epoch ?? null;
    const checkpoint = session?.checkpoint ?? this.#last.get(callId);
    if (checkpoint) return continued(epoch, checkpoint);
    const isFirst = session?.known === true && epoch === 1;
    const written = isFirst ? null : await this.#inTime(() => this.#written(callId));
    return written ? continued(epoch, written) : begun(epoch);
  }

  /** Saves the newest checkpoint, behind the call's back. */
  keep(callId: string, epoch: number | null, checkpoint: () => Checkpoint): void {
    if (epoch === null) return;
    const isSaving = this.#saving.has(callId);
    this.#saving.set(callId, checkpoint);
    if (!isSaving) void this.#save(callId, epoch);
  }

  /** The stream has ended: resolves once whoever goes on with the call finds all of it. */
  async keepLast(callId: string, epoch: number | null, checkpoint: Checkpoint): Promise<void> {
    this.#last.delete(callId);
    this.#last.set(callId, checkpoint);
    const [oldest] = this.#last.keys();
    if (oldest !== undefined && this.#last.size > MOST_LAST) this.#last.delete(oldest);
    if (epoch === null) return;
    // What waits to be saved is older.
    if (this.#saving.has(callId)) this.#saving.set(callId, null);
    await this.#inTime(() => this.#options.store.save(callId, epoch, checkpoint));
  }

  async #save(callId: string, epoch: number): Promise<void> {
    for (let next = this.#saving.get(callId); next; next = this.#saving.get(callId)) {
      this.#saving.set(callId, null);
      // Whatever goes wrong with one checkpoint, the next may do.
      const saved = (async () => this.#options.store.save(callId, epoch, next()))();
      await saved.then(this.#succeed, this.#fail);
    }
    this.#saving.delete(callId);
  }

  async #claim(callId: string) {
    const { store, instance } = this.#options;
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const known = await store.find(callId);
      if (!known) await store.create(callId, null);
      const session = await store.claim(callId, known?.epoch ?? 0, instance);
      if (!session) continue;
      const checkpoint = Checkpoint.safeParse(session.checkpoint);
      return {
        epoch: session.epoch,
        known: known !== null,
        checkpoint: checkpoint.success ? checkpoint.data : null,
      };
    }
    return null;
  }

  /** What the call's record tells; null when nothing was ever said. */
  async #written(callId: string): Promise<Checkpoint | null> {
    const { calls, now } = this.#options;
    const [turns, events, messages] = await Promise.all([
      calls.turns(callId),
      calls.events(callId, 0),
      calls.messages(callId),
    ]);
    const streams = events.filter(({ type }) => type === 'stream-started').length;
    if (streams === 0) return null;
    const mark = {
      ...noMark(),
      turns: (turns.at(-1)?.index ?? -1) + 1,
      events: events.at(-1)?.serial ?? 0,
      messages: (messages.at(-1)?.index ?? -1) + 1,
      streams,
    };
    const elapsedMs = now() - (events[0]?.atMs ?? now());
    return { version: 1, mark, agent: memoryOfTurns(turns, elapsedMs) };
  }

  /** Null when it fails, or takes too long. */
  async #inTime<T>(ask: () => Promise<T | null>): Promise<T | null> {
    const { now, patienceMs = 300 } = this.#options;
    if (now() < this.#restUntilMs) return null;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      this.#restUntilMs = now() + REST_MS;
      this.#fail(new Error('The store takes too long'));
      late.resolve(null);
    }, patienceMs);
    try {
      return await Promise.race([ask(), late.promise]);
    } catch (error) {
      this.#fail(error);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  readonly #succeed = (): void => {
    if (!this.#works) this.#options.log.info('sessions can be kept again');
    this.#works = true;
  };

  readonly #fail = (err: unknown): void => {
    this.failed += 1;
    // Every turn of every call would say so again.
    if (this.#works) this.#options.log.warn({ err }, 'sessions cannot be kept');
    this.#works = false;
  };
}

function begun(epoch: number | null): Claim {
  return { epoch, stream: epoch ?? 1, mark: noMark(), agent: null };
}

function continued(epoch: number | null, { mark, agent }: Checkpoint): Claim {
  return { epoch, stream: Math.max(epoch ?? 0, mark.streams + 1), mark, agent };
}
