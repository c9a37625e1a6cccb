import { randomBytes } from 'node:crypto';
import { lchown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import { giveTo, type Owner, type Owners } from './owners.ts';
import { type Answer, INHERITED, run, type Work } from './program.ts';

/** The data directory: `cluster` is PostgreSQL's, the rest is ours. */
export interface DataDirectory {
  readonly dir: string;
  readonly cluster: string;
  /** PostgreSQL's programs. */
  readonly bin: string;
  readonly owners: Owners | null;
  /** Nothing waits for the disk. */
  readonly scratch: boolean;
}

/** The role and the database that Earshot has in an embedded cluster. It is no superuser. */
export const NAME = 'earshot';

/** Over TCP only, since a socket's path would have to be short; nobody without the password. */
const HBA = 'host all all 127.0.0.1/32 scram-sha-256\n';

/** What single-user mode is told, one statement a line; the superuser has no password and so no way in. */
const roles = (password: string) =>
  `create role ${NAME} login password '${password}'\ncreate database ${NAME} owner ${NAME}\n`;

/** Makes the cluster beside its place and moves it there when it is whole. */
export async function createCluster(data: DataDirectory, signal: AbortSignal): Promise<void> {
  const fresh = { ...data, cluster: `${data.cluster}.new` };
  await rm(fresh.cluster, { recursive: true, force: true });
  await mkdir(fresh.cluster, { mode: 0o700 });
  if (data.owners) await giveTo(fresh.cluster, data.owners.named, 'first');
  const args = ['--no-locale', '--encoding=UTF8', '--no-instructions', '-U', 'postgres'];
  if (data.scratch) args.push('--no-sync');
  await must(fresh, 'initdb', [...args, '-A', 'reject', '-D'], '', signal);
  await single(fresh, roles(await newPassword(data.dir)), signal);
  if (data.owners) await giveTo(fresh.cluster, data.owners.server, 'last');
  await writeHba(fresh);
  await rename(fresh.cluster, data.cluster);
}

/** The password of a cluster; where its file was lost, a new one is set. */
export async function passwordOf(data: DataDirectory, signal: AbortSignal): Promise<string> {
  const kept = await readFile(passwordFile(data.dir), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  if (/^[\w-]{32}\n$/.test(kept)) return kept.trim();
  if (data.owners) await giveTo(data.cluster, data.owners.named, 'first');
  const password = await newPassword(data.dir);
  await single(data, `alter role ${NAME} password '${password}'\n`, signal);
  if (data.owners) await giveTo(data.cluster, data.owners.server, 'last');
  return password;
}

export function passwordFile(dir: string): string {
  return join(dir, 'password');
}

async function newPassword(dir: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const file = passwordFile(dir);
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, `${password}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${file}.new`, file);
  return password;
}

// Written anew and never through a link, since another user made the rest of the directory.
async function writeHba({ cluster, owners }: DataDirectory): Promise<void> {
  const file = join(cluster, 'pg_hba.conf');
  await rm(file, { force: true });
  await writeFile(file, HBA, { mode: 0o600, flag: 'wx' });
  if (owners) await lchown(file, owners.server.uid, owners.server.gid);
}

async function single(data: DataDirectory, statements: string, signal: AbortSignal): Promise<void> {
  const settings = ['-c', 'log_min_error_statement=panic', '-c', `fsync=${fsyncOf(data)}`];
  const args = ['--single', ...settings, 'postgres', '-D'];
  const { text } = await must(data, 'postgres', args, statements, signal);
  if (/\b(ERROR|FATAL|PANIC):/.test(text)) throw failure('postgres', { code: 0, text });
}

export function fsyncOf({ scratch }: DataDirectory): 'on' | 'off' {
  return scratch ? 'off' : 'on';
}

async function must(
  { bin, cluster, owners }: DataDirectory,
  name: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<Answer> {
  await using directory = await open(cluster);
  const owner: Owner | null = owners?.named ?? null;
  const work: Work = {
    program: join(bin, name),
    args: [...args, owner ? INHERITED : cluster],
    directory,
    owner,
  };
  const answer = await run(work, signal, input);
  if (answer.code !== 0) throw failure(name, answer);
  return answer;
}

/** What it said last, as an error that says what to do. */
export function failure(name: string, { code, text }: Answer): DatabaseError {
  if (/No space left|Disk quota/.test(text))
    return new DatabaseError('data-directory-unusable', 'The disk of the data directory is full.');
  if (/Read-only file system|Permission denied/.test(text))
    return new DatabaseError('data-directory-unusable', 'The data directory cannot be written.');
  if (/could not look up effective user ID/.test(text))
    return new DatabaseError(
      'embedded-impossible',
      `User ${process.geteuid?.()} has no name in /etc/passwd, which PostgreSQL wants: name it, or set DATABASE_URL.`,
    );
  const words = text.trim().split('\n').slice(-3).join(' ').slice(-500);
  return new DatabaseError('embedded-failed', `${name} ended (${code ?? 'killed'}): ${words}`);
}
