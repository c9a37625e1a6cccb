import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';

/** How long PostgreSQL may take to end, by the signal that it was given: politely, at once, by force. */
const ENDINGS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 2_000],
] as const;
const LOOK_MS = 20;

/**
 * Ends the server that was left behind on a cluster when ours was killed. Only to be called by
 * whoever has the data directory's lock. True: there was one.
 */
export async function endOrphan(cluster: string, signal: AbortSignal): Promise<boolean> {
  const file = join(cluster, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return false;
  if (!(await worksIn(cluster, pid))) {
    // The number is of the past; where another process has it now, PostgreSQL would refuse to start.
    await rm(file, { force: true });
    return false;
  }
  for (const [ending, withinMs] of ENDINGS)
    if (await ends(cluster, pid, ending, withinMs, signal)) return true;
  throw new DatabaseError('embedded-failed', `PostgreSQL ${pid} was left behind and does not end.`);
}

async function ends(
  cluster: string,
  pid: number,
  ending: NodeJS.Signals,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  process.kill(pid, ending);
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_MS) {
    if (!(await worksIn(cluster, pid))) return true;
    await sleep(LOOK_MS, undefined, { signal });
  }
  return false;
}

/** A postmaster's current directory is its cluster, by whatever path it was told. */
async function worksIn(cluster: string, pid: number): Promise<boolean> {
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return directory === cluster;
}
