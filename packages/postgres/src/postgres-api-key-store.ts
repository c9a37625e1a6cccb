import { type ApiKey, type ApiKeyStore, SCOPES, type Scope } from '@earshot/calls';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { apiKeys } from './schema.ts';

/** Keys of the API in PostgreSQL: their hashes only. */
export class PostgresApiKeyStore implements ApiKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(key: ApiKey, hash: string): Promise<void> {
    const { id, name, scopes, createdAtMs, revokedAtMs, lastUsedAtMs } = key;
    const row = {
      id,
      name,
      keyHash: hash,
      scopes: [...scopes],
      createdAt: createdAtMs,
      revokedAt: revokedAtMs,
      lastUsedAt: lastUsedAtMs,
    };
    await this.#database.transact((tx) => tx.insert(apiKeys).values(row).onConflictDoNothing());
  }

  findByHash(hash: string): Promise<ApiKey | null> {
    return this.#database.transact(async (tx) => {
      const [row] = await tx
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.keyHash, hash), isNull(apiKeys.revokedAt)));
      return row ? keyOf(row) : null;
    });
  }

  list(): Promise<readonly ApiKey[]> {
    return this.#database.transact(async (tx) => {
      const rows = await tx.select().from(apiKeys).orderBy(asc(apiKeys.createdAt), apiKeys.id);
      return rows.map(keyOf);
    });
  }

  revoke(id: string, atMs: number): Promise<boolean> {
    return this.#database.transact(async (tx) => {
      const revoked = await tx
        .update(apiKeys)
        .set({ revokedAt: atMs })
        .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
        .returning({ id: apiKeys.id });
      return revoked.length > 0;
    });
  }

  async used(id: string, atMs: number): Promise<void> {
    const moment = sql.param(atMs, apiKeys.lastUsedAt);
    await this.#database.transact((tx) =>
      tx
        .update(apiKeys)
        .set({ lastUsedAt: sql`greatest(${apiKeys.lastUsedAt}, ${moment}::timestamptz)` })
        .where(eq(apiKeys.id, id)),
    );
  }
}

function keyOf(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.filter(isScope),
    createdAtMs: row.createdAt,
    revokedAtMs: row.revokedAt,
    lastUsedAtMs: row.lastUsedAt,
  };
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
