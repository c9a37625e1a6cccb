import {
  CallError,
  type CallStore,
  type StoredEvent,
  type StoredMessage,
  type StoredTurn,
} from '@earshot/calls';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Courier, type Judgement } from './courier.ts';
import { Figures, metricsOf } from './figures.ts';
import { Spool } from './spool.ts';
import type { SpoolDisk } from './spool-disk.ts';

/** Something to be kept of a call. JSON; keeping it twice is no harm. */
export type RecordEntry = { readonly callId: string } & (
  | { readonly turn: StoredTurn }
  | { readonly event: StoredEvent }
  | { readonly message: StoredMessage }
  | { readonly figures: Figures }
);

const callId = z.string();
const Written = z.union([
  z.object({ callId, turn: z.looseObject({ index: z.number() }) }),
  z.object({ callId, event: z.looseObject({ serial: z.number() }) }),
  z.object({ callId, message: z.looseObject({ index: z.number() }) }),
  z.object({ callId, figures: Figures }),
]);

type Store = Pick<CallStore, 'addTurns' | 'addEvents' | 'addMessage' | 'saveMetrics' | 'find'>;

export interface RecordsOptions {
  readonly store: Store;
  /** Where what the store does not take outlives the process. */
  readonly disk: SpoolDisk;
  readonly log: Logger;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Begins the names of its files in the spool. */
export const RECORDS = 'records';

/** Writes down what happens in calls, off the voice's path, also while the database is away. */
export class Records implements AsyncDisposable {
  readonly #courier: Courier<RecordEntry>;

  private constructor(courier: Courier<RecordEntry>) {
    this.#courier = courier;
  }

  static async open({ store, disk, log, wait }: RecordsOptions): Promise<Records> {
    const spool = await Spool.open<RecordEntry>({
      disk,
      name: RECORDS,
      parse: entryOf,
      onDiskFailed: (err) => log.error({ err }, 'records cannot be kept on disk'),
    });
    const courier = new Courier<RecordEntry>({
      spool,
      deliver: (id, entries) => write(store, id, entries),
      judge,
      log: log.child({ courier: RECORDS }),
      ...(wait && { wait }),
    });
    return new Records(courier);
  }

  /** Never waits and never throws. */
  keep(entry: RecordEntry): void {
    this.#courier.send(entry);
  }

  /** Resolves once nothing waits. */
  settled(): Promise<void> {
    return this.#courier.settled();
  }

  get counts(): Courier<RecordEntry>['counts'] {
    return this.#courier.counts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#courier[Symbol.asyncDispose]();
  }
}

async function write(store: Store, id: string, entries: readonly RecordEntry[]): Promise<void> {
  const turns = entries.flatMap((entry) => ('turn' in entry ? entry.turn : []));
  const events = entries.flatMap((entry) => ('event' in entry ? entry.event : []));
  if (turns.length > 0) await store.addTurns(id, turns);
  if (events.length > 0) await store.addEvents(id, events);
  for (const entry of entries) if ('message' in entry) await store.addMessage(id, entry.message);
  const figures = entries.flatMap((entry) => ('figures' in entry ? entry.figures : [])).at(-1);
  if (figures) await writeFigures(store, id, figures);
}

/** The row may be late, after an outage: until it is there the figures lack what only it knows. */
async function writeFigures(store: Store, id: string, figures: Figures): Promise<void> {
  const call = await store.find(id);
  await store.saveMetrics(id, metricsOf(figures, call));
  if (call === null || call.answeredAtMs === null)
    throw new CallError('call-not-answered', 'The call’s row is not complete yet');
}

function entryOf(value: unknown): RecordEntry | null {
  const parsed = Written.safeParse(value);
  return parsed.success ? (parsed.data as unknown as RecordEntry) : null;
}

function judge(error: unknown): Judgement {
  return error instanceof CallError && error.code === 'store-unavailable' ? 'retry' : 'doubt';
}
