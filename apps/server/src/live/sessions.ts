import type { CallStore, MediaEnding, SessionStore, StoredEvent } from '@earshot/calls';
import type { Logger } from 'pino';
import { remember } from '../remember.ts';
import { noMark } from './call-scribe.ts';
import { Checkpoint, memoryOfTurns } from './checkpoint.ts';
import { begun, broughtForward, type Claim, continued } from './claim.ts';

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
const MOST_KNOWN = 5_000;
/**
 * Where nobody can tell what a call has had already, its record goes on here: behind all that it may
 * have, and below what a record may have at most.
 */
const UNKNOWN = { turns: 10_000, events: 2_500, messages: 25, streams: 50 };
/** Two processes that cannot tell count their streams by the clock: the later gets the higher number. */
const SLOT_MS = 20_000;
const SLOTS = 40;

/** The sessions of live calls: what goes on with a call when its stream, or a whole instance, is lost. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** By call, the newest checkpoint to be saved; null: the save under way has the newest. */
  readonly #saving = new Map<string, (() => Checkpoint) | null>();
  /** The last of streams that have ended here, for when the store is away. */
  readonly #last = new Map<string, Checkpoint>();
  /** Calls that have begun here, and had no stream here yet. */
  readonly #announced = new Map<string, true>();
  /** The number of the newest stream here. */
  readonly #streams = new Map<string, number>();
  /** Of calls whose session could be claimed only after their stream had begun. */
  readonly #epochs = new Map<string, number>();
  readonly #restUntilMs = { sessions: 0, record: 0 };
  #works = true;
  failed = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** An agent is warm here for this call. */
  async announce(callId: string): Promise<void> {
    remember(this.#announced, callId, true, MOST_KNOWN);
    await this.#options.store.create(callId, this.#options.instance).catch(this.#fail);
  }

  /** Makes this process the holder of the call. Never rejects, and keeps no caller waiting for long. */
  async claim(callId: string): Promise<Claim> {
    const isNew = this.#announced.delete(callId);
    this.#epochs.delete(callId);
    const claim = await this.#find(callId, isNew);
    // Whatever the stores say: a stream that this process has had is over.
    const stream = Math.max(claim.stream, (this.#streams.get(callId) ?? 0) + 1);
    remember(this.#streams, callId, stream, MOST_KNOWN);
    return { ...claim, stream };
  }

  /** Saves the newest checkpoint, behind the call's back; without an epoch it is claimed once more. */
  keep(callId: string, epoch: number | null, checkpoint: () => Checkpoint): void {
    const isSaving = this.#saving.has(callId);
    this.#saving.set(callId, checkpoint);
    if (!isSaving) void this.#save(callId, epoch);
  }

  /** The stream has ended: resolves once whoever goes on with the call finds all of it. */
  async keepLast(callId: string, epoch: number | null, checkpoint: Checkpoint): Promise<void> {
    remember(this.#last, callId, checkpoint, MOST_LAST);
    // What waits to be saved is older.
    if (this.#saving.has(callId)) this.#saving.set(callId, null);
    const held = epoch ?? this.#epochs.get(callId);
    if (held === undefined) return;
    await this.#inTime('sessions', () => this.#options.store.save(callId, held, checkpoint));
  }

  /** How the call's last stream has ended, wherever that was; null: it goes on, or nobody can tell. */
  async ending(callId: string): Promise<MediaEnding | null> {
    const session = await this.#inTime('sessions', () => this.#options.store.find(callId));
    return Checkpoint.safeParse(session?.checkpoint).data?.ending ?? null;
  }

  async #find(callId: string, isNew: boolean): Promise<Claim> {
    const session = await this.#inTime('sessions', () => this.#claim(callId));
    const epoch = session?.epoch ?? null;
    const last = this.#last.get(callId);
    const checkpoint = newer(session?.checkpoint, last);
    if (checkpoint && checkpoint === last) return continued(epoch, checkpoint);
    // Who held it may have died between the record and the checkpoint: no place is taken twice.
    if (checkpoint)
      return continued(
        epoch,
        broughtForward(checkpoint, await this.#inTime('record', () => this.#written(callId))),
      );
    const isFirst = session?.known === true && epoch === 1;
    if (isFirst && session.isWarmHere) return begun(epoch);
    const record = await this.#inTime('record', async () => ({
      written: await this.#written(callId),
    }));
    if (record?.written) return continued(epoch, record.written);
    return record || isFirst ? begun(epoch) : this.#unknown(epoch, isNew);
  }

  /** Neither store can be asked. */
  #unknown(epoch: number | null, isNew: boolean): Claim {
    const slot = Math.floor(this.#options.now() / SLOT_MS) % SLOTS;
    const mark = isNew ? noMark() : { ...noMark(), ...UNKNOWN };
    const stream = Math.max(epoch ?? 0, UNKNOWN.streams + 1 + slot);
    return { epoch, stream, mark, agent: null, ending: null };
  }

  async #save(callId: string, claimed: number | null): Promise<void> {
    for (let next = this.#saving.get(callId); next; next = this.#saving.get(callId)) {
      this.#saving.set(callId, null);
      // Whatever goes wrong with one checkpoint, the next may do.
      const saved = (async () => {
        const epoch = claimed ?? (await this.#reclaimed(callId));
        if (epoch !== null) await this.#options.store.save(callId, epoch, next());
      })();
      await saved.then(this.#succeed, this.#fail);
    }
    this.#saving.delete(callId);
  }

  /** A store that was away when the stream began may be there now. */
  async #reclaimed(callId: string): Promise<number | null> {
    const known = this.#epochs.get(callId);
    if (known !== undefined) return known;
    const session = await this.#inTime('sessions', () => this.#claim(callId));
    if (session) remember(this.#epochs, callId, session.epoch, MOST_KNOWN);
    return session?.epoch ?? null;
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
        isWarmHere: session.warmAt === instance,
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
    const streams = Math.max(0, ...events.map(streamOf));
    if (streams === 0 && turns.length === 0) return null;
    const mark = {
      ...noMark(),
      turns: (turns.at(-1)?.index ?? -1) + 1,
      events: events.at(-1)?.serial ?? 0,
      messages: (messages.at(-1)?.index ?? -1) + 1,
      streams,
    };
    const known = {
      elapsedMs: now() - (events[0]?.atMs ?? now()),
      noticeHeard: events.some(({ type }) => type === 'notice-heard'),
    };
    return { version: 1, mark, ending: null, agent: memoryOfTurns(turns, known) };
  }

  /** Null when it fails, or takes too long. */
  async #inTime<T>(which: 'sessions' | 'record', ask: () => Promise<T | null>): Promise<T | null> {
    const { now, patienceMs = 300 } = this.#options;
    if (now() < this.#restUntilMs[which]) return null;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      this.#restUntilMs[which] = now() + REST_MS;
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

function streamOf({ type, data }: StoredEvent): number {
  return type === 'stream-started' && typeof data.stream === 'number' ? data.stream : 0;
}

/** A save that has failed leaves an older one in the store. */
function newer(stored: Checkpoint | null | undefined, last: Checkpoint | undefined) {
  if (!stored || !last) return stored ?? last ?? null;
  return last.mark.events > stored.mark.events ? last : stored;
}
