import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedDatabase } from '@earshot/postgres';
import { signalAll } from './outside-server.ts';

const NATIVE = '/usr/lib/postgresql/15';

export const NO_POSTGRES_15 = `skipped: no PostgreSQL 15 in ${NATIVE}`;

/** Whether PostgreSQL 15 is on this machine. In CI it has to be. */
export function hasPostgres15({ CI }: { readonly CI?: string }): boolean {
  const is = existsSync(path.join(NATIVE, 'bin/initdb'));
  if (!is && CI) throw new Error(NO_POSTGRES_15);
  return is;
}

/** A PostgreSQL 15 of the story's own, which is stopped, frozen and started again where it was. */
export class PostgresServer implements AsyncDisposable {
  readonly url: string;
  readonly #dir: string;
  #database: EmbeddedDatabase;

  private constructor(database: EmbeddedDatabase, dir: string) {
    this.#database = database;
    this.#dir = dir;
    this.url = database.url;
  }

  static async open(folder: string): Promise<PostgresServer> {
    const dir = path.join(folder, 'database');
    return new PostgresServer(await open(dir), dir);
  }

  async stop(): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }

  async start(): Promise<void> {
    this.#database = await open(this.#dir, Number(new URL(this.url).port));
  }

  /** It answers nothing, and its connections stay. */
  async freeze(): Promise<void> {
    signalAll(await this.#pid(), 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    signalAll(await this.#pid(), 'SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #pid(): Promise<number> {
    const file = path.join(this.#dir, 'cluster/postmaster.pid');
    return Number((await readFile(file, 'utf8')).split('\n')[0]);
  }
}

function open(dir: string, port?: number): Promise<EmbeddedDatabase> {
  const { signal } = new AbortController();
  return EmbeddedDatabase.open({ dir, port, installation: { native: NATIVE } }, signal);
}
