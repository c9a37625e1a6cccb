import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';
import { isCode } from './installation.ts';

/** How long PostgreSQL may take to end, by the signal that it was given: politely, at once, by force. */
const ENDINGS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 2_000],
] as const;
const LOOK_MS = 20;

/** Names a cluster in the arguments of its server, so that it is known whoever it runs as. */
export async function markOf(cluster: string): Promise<string> {
  const { dev, ino } = await stat(cluster);
  return `earshot-${dev}-${ino}`;
}

/** The number of the server that runs on a cluster now; null: none does. */
export async function runningOn(cluster: string): Promise<number | null> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(nothingIfMissing);
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return (await worksOn(pid, await markOf(cluster))) ? pid : null;
}

/**
 * Ends the server that was left behind on a cluster when ours was killed. Only to be called by
 * whoever has the data directory's lock. True: there was one.
 */
export async function endOrphan(cluster: string, signal: AbortSignal): Promise<boolean> {
  const pid = await runningOn(cluster);
  if (pid === null) {
    // The number in it is of the past; where another process has it now, PostgreSQL would not start.
    await rm(pidFile(cluster), { force: true });
    return false;
  }
  const mark = await markOf(cluster);
  for (const [ending, withinMs] of ENDINGS)
    if (await ends(pid, mark, ending, withinMs, signal)) return true;
  throw new DatabaseError('embedded-failed', `PostgreSQL ${pid} was left behind and does not end.`);
}

async function ends(
  pid: number,
  mark: string,
  ending: NodeJS.Signals,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isAlive(pid, ending)) return true;
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_MS) {
    if (!(await worksOn(pid, mark))) return true;
    await sleep(LOOK_MS, undefined, { signal });
  }
  return false;
}

// Its arguments can be read by everybody, its directory only by its own user: in a container even
// root is nobody to a process of another user.
async function worksOn(pid: number, mark: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(nothingIfMissing);
  if (command !== '') return command.includes(mark);
  // One that has ended and was not waited for has no arguments any more.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(nothingIfMissing);
  if (status !== '' || !isAlive(pid, 0)) return false;
  throw new DatabaseError('data-directory-in-use', `Process ${pid} may use this data directory.`);
}

function isAlive(pid: number, ending: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, ending);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    // Somebody else's, whom we may not signal.
    if (isCode(error, 'EPERM')) return true;
    throw error;
  }
}

/** PostgreSQL's own: its number, and in line 4 its port. */
export function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/** A process may end while it is looked at (ESRCH). */
function nothingIfMissing(error: unknown): string {
  if (isCode(error, 'ENOENT', 'ESRCH')) return '';
  throw error;
}
