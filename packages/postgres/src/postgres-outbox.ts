import type { Delivery, Outbox } from '@earshot/calls';
import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from './database.ts';
import { webhookDeliveries as deliveries } from './schema.ts';

/** Deliveries in PostgreSQL: each due one is taken by one instance at a time. */
export class PostgresOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ nextAttemptAtMs, createdAtMs, ...delivery }: Delivery): Promise<void> {
    const row = { ...delivery, nextAttemptAt: nextAttemptAtMs, createdAt: createdAtMs };
    await this.#database.transact((tx) => tx.insert(deliveries).values(row).onConflictDoNothing());
  }

  claim(nowMs: number, leaseMs: number, limit: number): Promise<readonly Delivery[]> {
    return this.#database.transact(async (tx) => {
      const rows = await tx
        .update(deliveries)
        .set({ leasedUntil: nowMs + leaseMs })
        .where(sql`${deliveries.id} = any(array(${due(tx, nowMs, limit)}))`)
        .returning();
      return rows.map(deliveryOf).sort((a, b) => a.nextAttemptAtMs - b.nextAttemptAtMs);
    });
  }

  async delivered(id: string, atMs: number): Promise<void> {
    await this.#database.transact((tx) =>
      tx
        .update(deliveries)
        .set({ deliveredAt: atMs, nextAttemptAt: null, leasedUntil: null, body: '' })
        .where(eq(deliveries.id, id)),
    );
  }

  async postpone(id: string, nextAttemptAtMs: number | null): Promise<void> {
    const emptied = nextAttemptAtMs === null ? { body: '' } : {};
    await this.#database.transact((tx) =>
      tx
        .update(deliveries)
        .set({
          attempts: sql`${deliveries.attempts} + 1`,
          nextAttemptAt: nextAttemptAtMs,
          leasedUntil: null,
          ...emptied,
        })
        .where(and(eq(deliveries.id, id), sql`${deliveries.nextAttemptAt} is not null`)),
    );
  }
}

/** Rows that another instance is just taking are passed over instead of waited for. */
function due(tx: Transaction, nowMs: number, limit: number) {
  return tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        lte(deliveries.nextAttemptAt, nowMs),
        or(isNull(deliveries.leasedUntil), lte(deliveries.leasedUntil, nowMs)),
      ),
    )
    .orderBy(asc(deliveries.nextAttemptAt))
    .limit(limit)
    .for('update', { skipLocked: true });
}

function deliveryOf(row: typeof deliveries.$inferSelect): Delivery {
  const { id, url, event, body, attempts, nextAttemptAt, createdAt } = row;
  return {
    id,
    url,
    event,
    body,
    attempts,
    nextAttemptAtMs: nextAttemptAt ?? createdAt,
    createdAtMs: createdAt,
  };
}
