import { readFileSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openElsewhere } from './elsewhere.ts';
import { EmbeddedDatabase } from './embedded-database.ts';

const { signal } = new AbortController();

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'earshot-embedded-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('an embedded database', () => {
  const dir = () => join(home, 'first', 'postgres');
  const open = (log?: (line: string) => void) =>
    EmbeddedDatabase.open({ dir: dir(), scratch: true, log }, signal);

  test('is prepared once, with a line that says so, and keeps what it was told', async () => {
    const lines: string[] = [];
    {
      await using first = await open((line) => lines.push(line));
      await ask(first.url, 'create table kept (word text)');
      await ask(first.url, `insert into kept values ('here')`);
    }
    expect(lines).toEqual(['Preparing the database: this is needed once.']);
    await using second = await open((line) => lines.push(line));
    expect(await ask(second.url, 'select word from kept')).toEqual([{ word: 'here' }]);
    expect(lines).toHaveLength(1);
  });

  test('takes connections of this machine only, with the password that only we can read', async () => {
    await using database = await open();
    expect((await stat(dir())).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir(), 'password'))).mode & 0o777).toBe(0o600);
    const url = new URL(database.url);
    expect(url.hostname).toBe('127.0.0.1');
    expect((await readFile(join(dir(), 'password'), 'utf8')).trim()).toBe(url.password);
    for (const [user, password] of [
      ['earshot', 'wrong'],
      ['postgres', url.password],
      ['postgres', ''],
    ]) {
      const other = new URL(url);
      Object.assign(other, { username: user, password });
      await expect(ask(other.href, 'select 1')).rejects.toThrow();
    }
    expect(await ask(database.url, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    const [role] = await ask(database.url, `select rolsuper from pg_roles where rolname = user`);
    expect(role).toEqual({ rolsuper: false });
  });

  test('ends with its owner and leaves no process', async () => {
    const database = await open();
    const pid = await pidIn(dir());
    await database[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    expect(isRunning(pid)).toBe(false);
    await expect(ask(database.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('tells its URL to other processes while it runs', async () => {
    expect(await EmbeddedDatabase.urlOf(dir())).toBe(null);
    expect(await EmbeddedDatabase.urlOf(join(home, 'nowhere'))).toBe(null);
    await using database = await open();
    expect(await EmbeddedDatabase.urlOf(dir())).toBe(database.url);
  });

  test('refuses a second server on the same data, in this process and in another', async () => {
    await using database = await open();
    const refused = { code: 'data-directory-in-use', message: expect.stringContaining(dir()) };
    await expect(open()).rejects.toMatchObject(refused);
    await using other = await openElsewhere({ dir: dir(), scratch: true });
    expect(other.answer).toBe('data-directory-in-use');
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('ends with a process that did not wait for it', async () => {
    await using leaving = await openElsewhere({ dir: dir(), scratch: true });
    await ask(leaving.answer, `insert into kept values ('left')`);
    const pid = await pidIn(dir());
    await leaving.exit();
    await ended(pid);
    await using database = await open();
    expect(await ask(database.url, `select word from kept where word = 'left'`)).toHaveLength(1);
  });

  test('goes on after kill -9 of the server, whose PostgreSQL lives on', async () => {
    const killed = await openElsewhere({ dir: dir(), scratch: true });
    const url = killed.answer;
    await ask(url, `insert into kept values ('killed')`);
    const orphan = await pidIn(dir());
    await killed.kill();
    expect(isRunning(orphan)).toBe(true);
    const lines: string[] = [];
    await using database = await open((line) => lines.push(line));
    expect(isRunning(orphan)).toBe(false);
    expect(lines).toEqual(['A database that was left behind was stopped.']);
    expect(await ask(database.url, `select word from kept where word = 'killed'`)).toHaveLength(1);
  });

  test('goes on after kill -9 of the server and PostgreSQL, whose number another process has now', async () => {
    const killed = await openElsewhere({ dir: dir(), scratch: true });
    await ask(killed.answer, `insert into kept values ('crashed')`);
    await killed.kill();
    const file = join(dir(), 'cluster', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    const orphan = await pidIn(dir());
    process.kill(orphan, 'SIGKILL');
    await ended(orphan);
    await writeFile(file, text.replace(/^\d+/, String(process.ppid)));
    await using database = await open();
    expect(await ask(database.url, `select word from kept where word = 'crashed'`)).toHaveLength(1);
  });

  test('is started again when it ends by itself', async () => {
    await using database = await open();
    process.kill(await pidIn(dir()), 'SIGKILL');
    let words: readonly unknown[] = [];
    while (words.length === 0)
      words = await ask(database.url, 'select 1 as one').catch(async () => {
        await new Promise(setImmediate);
        return [];
      });
    expect(words).toEqual([{ one: 1 }]);
  });

  test('gets a new password where the old one was lost', async () => {
    await unlink(join(dir(), 'password'));
    await using database = await open();
    expect(await ask(database.url, 'select count(*) > 0 as there from kept')).toEqual([
      { there: true },
    ]);
  });

  test('takes the port that it is told, and says when it is taken', async () => {
    await using other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    await expect(
      EmbeddedDatabase.open({ dir: dir(), scratch: true, port }, signal),
    ).rejects.toMatchObject({
      code: 'embedded-failed',
      message: expect.stringContaining('Address already in use'),
    });
    other.close();
    await using database = await EmbeddedDatabase.open({ dir: dir(), scratch: true, port }, signal);
    expect(new URL(database.url).port).toBe(String(port));
  });

  test('logs nothing of statements that fail', async () => {
    const lines: string[] = [];
    await using database = await open((line) => lines.push(line));
    await expect(ask(database.url, `select 'a secret'::int`)).rejects.toThrow();
    await expect(ask(database.url, `select nothing from nowhere`)).rejects.toThrow();
    expect(lines).toEqual([]);
  });

  test('leaves nothing behind when its start is aborted', async () => {
    const controller = new AbortController();
    const opening = EmbeddedDatabase.open({ dir: dir() }, controller.signal);
    setImmediate(() => controller.abort());
    await expect(opening).rejects.toThrow('aborted');
    await using database = await open();
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('the data directory', () => {
  test('may hold what an interrupted first start left', async () => {
    const dir = join(home, 'interrupted');
    await mkdir(join(dir, 'cluster.new', 'base'), { recursive: true });
    await writeFile(join(dir, 'cluster.new', 'PG_VERSION'), '18\n');
    await writeFile(join(dir, 'password'), 'half');
    await using database = await EmbeddedDatabase.open({ dir, scratch: true }, signal);
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(access(join(dir, 'cluster.new'))).rejects.toThrow('ENOENT');
  });

  test('is refused when a file is in its place', async () => {
    const dir = join(home, 'file');
    await writeFile(dir, '');
    await expect(EmbeddedDatabase.open({ dir, scratch: true }, signal)).rejects.toMatchObject({
      code: 'data-directory-unusable',
      message: expect.stringContaining(dir),
    });
  });
});

async function ask(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function pidIn(dir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

/** A process that has ended and was not yet waited for is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise(setImmediate);
}
