import { CallError } from '@earshot/calls';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { codeOf, isAnswer, storeFailure } from './store-failure.ts';

export interface DatabaseOptions extends Connection {
  /** Connections that are kept; default 20. */
  readonly poolSize?: number | undefined;
  /** Connections above that for a rush; default 10. */
  readonly overflow?: number | undefined;
  /** How long a request waits for a connection; default 30 s. */
  readonly timeoutMs?: number | undefined;
  /** How long one statement may take; default 10 s. */
  readonly statementMs?: number | undefined;
  /** Told once for each connection that broke while nobody used it, by its code. */
  readonly onLost?: ((code: string) => void) | undefined;
}

/** The transaction that a store's work is done in. */
export type Transaction = NodePgDatabase;

const OLDEST_VERSION = 150_000;
const IDLE_MS = 10_000;
/** The server ends a statement itself; after this much more the connection is given up. */
const GRACE_MS = 2_000;

/** One pool of connections to PostgreSQL 15 or newer, whoever runs it. */
export class Database implements AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #statementMs: number;
  #closing: Promise<void> | null = null;

  constructor(pool: pg.Pool, statementMs: number) {
    this.#pool = pool;
    this.#statementMs = statementMs;
  }

  /**
   * Does some work in one transaction. `waitMs` bounds the wait for a connection below the pool's
   * own. Throws `CallError` with `store-unavailable`.
   */
  async transact<T>(work: (tx: Transaction) => Promise<T>, waitMs?: number): Promise<T> {
    try {
      const client = await this.#connect(waitMs);
      return await this.#within(client, work);
    } catch (error) {
      throw storeFailure(error);
    }
  }

  /** Idempotent. Waits for work that has begun. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  // The limit is set for the transaction only: a session's settings would go to whoever gets the
  // connection next from a transaction pooler, and some poolers refuse it among the start-up parameters.
  async #within<T>(client: pg.PoolClient, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      await client.query(`begin; set local statement_timeout = ${this.#statementMs}`);
      const result = await work(drizzle(client));
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      if (isAnswer(error)) await rollBack(client);
      else client.release(true);
      throw error;
    }
  }

  async #connect(waitMs: number | undefined): Promise<pg.PoolClient> {
    if (waitMs === undefined) return this.#pool.connect();
    const connecting = this.#pool.connect();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(noConnection()), waitMs);
    let waiting = true;
    try {
      return await Promise.race([connecting, tooLate]);
    } catch (error) {
      waiting = false;
      throw error;
    } finally {
      clearTimeout(timer);
      if (!waiting) void connecting.then((client) => client.release(), forget);
    }
  }
}

/** Connects once, so that a wrong URL or an old server is told at the start. */
export async function openDatabase(
  options: DatabaseOptions,
  signal: AbortSignal,
): Promise<Database> {
  const { poolSize = 20, overflow = 10, timeoutMs = 30_000, statementMs = 10_000 } = options;
  const config = await reachable(options, signal);
  const pool = new pg.Pool({
    ...config,
    query_timeout: statementMs + GRACE_MS,
    max: poolSize + overflow,
    min: poolSize,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: timeoutMs,
  });
  // Without a listener the process would end when the server closes an idle connection.
  pool.on('error', (error) => options.onLost?.(codeOf(error) ?? 'unknown'));
  return new Database(pool, statementMs);
}

/** The settings by which the server answered. */
async function reachable(connection: Connection, signal: AbortSignal): Promise<pg.ClientConfig> {
  const { client, config } = await connect(connection, signal);
  try {
    await checkVersion(client);
    return config;
  } catch (error) {
    throw error instanceof DatabaseError ? error : storeFailure(error);
  } finally {
    await client.end().catch(forget);
  }
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version >= OLDEST_VERSION) return;
  const major = Math.floor(version / 10_000);
  throw new DatabaseError('database-too-old', `PostgreSQL ${major} is too old: 15 or newer.`);
}

async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    // A connection that cannot even roll back is of no use to anybody.
    client.release(true);
  }
}

function noConnection(): CallError {
  return new CallError('store-unavailable', 'No connection to the database became free in time.');
}

/** The failure was told to whoever waited; its echo on an abandoned connection says nothing new. */
function forget(): void {}
