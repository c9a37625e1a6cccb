import { IDEMPOTENCY_TTL_MS, type IdempotencyAnswer, type IdempotencyStore } from '@earshot/calls';
import { and, eq, lte } from 'drizzle-orm';
import type { Database, Transaction } from './database.ts';
import { idempotencyKeys } from './schema.ts';

/** Answers given under an `Idempotency-Key`, in PostgreSQL: all instances know them. */
export class PostgresIdempotencyStore implements IdempotencyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  take(
    owner: string,
    key: string,
    fingerprint: string,
    callId: string,
    atMs: number,
  ): Promise<IdempotencyAnswer> {
    return this.#database.transact(async (tx): Promise<IdempotencyAnswer> => {
      await forget(tx, atMs);
      const row = { owner, key, fingerprint, callId, createdAt: atMs };
      const taken = await tx
        .insert(idempotencyKeys)
        .values(row)
        .onConflictDoNothing()
        .returning({ owner: idempotencyKeys.owner });
      if (taken.length > 0) return { type: 'new' };
      return answerTo(await find(tx, owner, key), fingerprint);
    });
  }
}

// A key whose time is over is taken anew by whoever's insert comes first; the other one waits for
// that transaction and then finds its row.
async function forget(tx: Transaction, nowMs: number): Promise<void> {
  await tx
    .delete(idempotencyKeys)
    .where(lte(idempotencyKeys.createdAt, nowMs - IDEMPOTENCY_TTL_MS));
}

async function find(tx: Transaction, owner: string, key: string) {
  const [row] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.key, key)));
  return row;
}

function answerTo(
  row: typeof idempotencyKeys.$inferSelect | undefined,
  fingerprint: string,
): IdempotencyAnswer {
  if (!row) throw new Error('The key was forgotten while it was asked for.');
  return row.fingerprint === fingerprint
    ? { type: 'same', callId: row.callId }
    : { type: 'different' };
}
