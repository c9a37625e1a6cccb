import type { Call, HostStore, Takable } from '@earshot/calls';
import { and, eq, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { callOf } from './call-row.ts';
import type { Database, Transaction } from './database.ts';
import { calls, hosts } from './schema.ts';

/** A host that waits longer for a connection has missed its beat. */
const WAIT_MS = 5_000;

/** Who hosts which call, beside the calls in PostgreSQL. Time is the database's. */
export class PostgresHostStore implements HostStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  beat(host: string, leaseMs: number, callIds: readonly string[]): Promise<readonly string[]> {
    return this.#do(async (tx) => {
      const seenUntil = sql`now() + ${leaseMs} * interval '1 millisecond'`;
      await tx
        .insert(hosts)
        .values({ id: host, seenUntil })
        .onConflictDoUpdate({ target: hosts.id, set: { seenUntil } });
      const lost = await tx
        .select({ id: calls.id })
        .from(calls)
        .where(and(among(callIds), ne(calls.host, host)));
      return lost.map(({ id }) => id);
    });
  }

  take(host: string, takable: Takable, except: readonly string[]): Promise<readonly Call[]> {
    return this.#do(async (tx) => {
      await tx.delete(hosts).where(lt(hosts.seenUntil, sql`now() - interval '1 day'`));
      return take(tx, host, takable, sql`not ${among(except)}`);
    });
  }

  takeOne(host: string, takable: Takable, callId: string): Promise<Call | null> {
    return this.#do(async (tx) => {
      const [call] = await take(tx, host, takable, eq(calls.id, callId));
      return call ?? null;
    });
  }

  async leave(host: string): Promise<void> {
    await this.#do((tx) => tx.delete(hosts).where(eq(hosts.id, host)));
  }

  #do<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#database.transact(work, WAIT_MS);
  }
}

/**
 * Each call is taken from the very host that it was seen with: where another one was faster, its row
 * is none of those that were found any more.
 */
async function take(
  tx: Transaction,
  host: string,
  takable: Takable,
  which: SQL,
): Promise<readonly Call[]> {
  const seenWith = sql`coalesce(${calls.host}, '')`;
  const found = tx
    .select({ id: calls.id, host: seenWith })
    .from(calls)
    .leftJoin(hosts, eq(hosts.id, calls.host))
    .where(and(ne(calls.phase, 'ended'), which, or(eq(calls.host, host), free(takable))));
  const taken = await tx
    .update(calls)
    .set({ host })
    .where(and(ne(calls.phase, 'ended'), sql`(${calls.id}, ${seenWith}) in ${found}`))
    .returning();
  return taken.map(callOf).sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}

/** A host without a row has left. */
function free(takable: Takable): SQL {
  const left = sql`${calls.host} is not null and ${hosts.id} is null`;
  if (takable === 'left') return sql`(${left})`;
  return takable === 'gone'
    ? sql`(${left} or ${hosts.seenUntil} <= now())`
    : sql`(${left} or ${calls.host} is null)`;
}

function among(callIds: readonly string[]): SQL {
  return sql`${calls.id} = any(${sql.param(callIds)}::text[])`;
}
