import type {
  Call,
  CallFilter,
  CallMetrics,
  CallPage,
  CallPlan,
  CallProgressNote,
  CallStore,
  Outcome,
  StoredEvent,
  StoredMessage,
  StoredTurn,
} from '@earshot/calls';
import { and, asc, eq, gt, ne, type SQL, sql } from 'drizzle-orm';
import { findMetrics, saveMetrics } from './call-metrics.ts';
import { pageOf } from './call-page.ts';
import { callOf, rowOf } from './call-row.ts';
import { createCall, noteCall, settleCall } from './call-writes.ts';
import type { Database, Transaction } from './database.ts';
import { callEvents, calls, messages, transcripts } from './schema.ts';

/** Calls' writes are spooled when they fail: they need not wait long. */
const WAIT_MS = 5_000;
const MOST_ROWS = 1_000;

/** The record of calls in PostgreSQL. */
export class PostgresCallStore implements CallStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(
    plan: CallPlan,
    createdAtMs: number,
    carrierCallId: string | null,
    host: string | null = null,
  ): Promise<boolean> {
    return this.#do((tx) => createCall(tx, rowOf(plan, createdAtMs, carrierCallId, host)));
  }

  note(callId: string, note: CallProgressNote): Promise<void> {
    return this.#do((tx) => noteCall(tx, callId, note));
  }

  settle(callId: string, outcome: Outcome, endedAtMs: number): Promise<boolean> {
    return this.#do((tx) => settleCall(tx, callId, outcome, endedAtMs));
  }

  find(callId: string): Promise<Call | null> {
    return this.#findBy(eq(calls.id, callId));
  }

  findByCarrierId(carrierCallId: string): Promise<Call | null> {
    return this.#findBy(eq(calls.callSid, carrierCallId));
  }

  list(filter: CallFilter, limit: number, cursor: string | null): Promise<CallPage> {
    return this.#do((tx) => pageOf(tx, filter, limit, cursor));
  }

  open(): Promise<readonly Call[]> {
    return this.#do(async (tx) => {
      const rows = await tx
        .select()
        .from(calls)
        .where(ne(calls.phase, sql`'ended'`))
        .orderBy(asc(calls.startedAt), sql`${calls.id} collate "C"`);
      return rows.map(callOf);
    });
  }

  async addTurns(callId: string, turns: readonly StoredTurn[]): Promise<void> {
    const rows = turns.map(({ startedAtMs, endedAtMs, ...turn }) => ({
      ...turn,
      callId,
      timestamp: startedAtMs,
      endedAt: endedAtMs,
    }));
    await this.#do(async (tx) => {
      for (const part of parts(rows))
        await tx.insert(transcripts).values(part).onConflictDoNothing();
    });
  }

  turns(callId: string): Promise<readonly StoredTurn[]> {
    return this.#do((tx) =>
      tx
        .select({
          index: transcripts.index,
          speaker: transcripts.speaker,
          text: transcripts.text,
          startedAtMs: transcripts.timestamp,
          endedAtMs: transcripts.endedAt,
          heardMs: transcripts.heardMs,
          interrupted: transcripts.interrupted,
          confidence: transcripts.confidence,
        })
        .from(transcripts)
        .where(eq(transcripts.callId, callId))
        .orderBy(transcripts.index),
    );
  }

  async addEvents(callId: string, events: readonly StoredEvent[]): Promise<void> {
    const rows = events.map(({ atMs, ...event }) => ({ ...event, callId, timestamp: atMs }));
    await this.#do(async (tx) => {
      for (const part of parts(rows))
        await tx.insert(callEvents).values(part).onConflictDoNothing();
    });
  }

  events(callId: string, afterSerial: number): Promise<readonly StoredEvent[]> {
    return this.#do(async (tx) => {
      const rows = await tx
        .select()
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), gt(callEvents.serial, afterSerial)))
        .orderBy(callEvents.serial);
      return rows.map(({ serial, type, timestamp, data }) => ({
        serial,
        type,
        atMs: timestamp,
        data: data as StoredEvent['data'],
      }));
    });
  }

  async addMessage(callId: string, message: StoredMessage): Promise<void> {
    const { number, takenAtMs, ...rest } = message;
    const row = { ...rest, callId, phoneNumber: number, takenAt: takenAtMs };
    await this.#do((tx) => tx.insert(messages).values(row).onConflictDoNothing());
  }

  messages(callId: string): Promise<readonly StoredMessage[]> {
    return this.#do((tx) =>
      tx
        .select({
          index: messages.index,
          name: messages.name,
          number: messages.phoneNumber,
          text: messages.text,
          takenAtMs: messages.takenAt,
        })
        .from(messages)
        .where(eq(messages.callId, callId))
        .orderBy(messages.index),
    );
  }

  saveMetrics(callId: string, metrics: CallMetrics): Promise<void> {
    return this.#do((tx) => saveMetrics(tx, callId, metrics));
  }

  metrics(callId: string): Promise<CallMetrics | null> {
    return this.#do((tx) => findMetrics(tx, callId));
  }

  #findBy(condition: SQL): Promise<Call | null> {
    return this.#do(async (tx) => {
      const [row] = await tx.select().from(calls).where(condition).limit(1);
      return row ? callOf(row) : null;
    });
  }

  #do<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#database.transact(work, WAIT_MS);
  }
}

/** A statement has 65,535 parameters at most. */
function* parts<Row>(rows: readonly Row[]): Iterable<Row[]> {
  for (let i = 0; i < rows.length; i += MOST_ROWS) yield rows.slice(i, i + MOST_ROWS);
}
