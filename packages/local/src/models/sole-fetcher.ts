import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

const FILE = '.fetching';
const SIGN_OF_LIFE_MS = 5000;
/** Without a sign of life for this long its owner is gone, wherever it ran. */
const ABANDONED_MS = 30_000;

interface Options {
  readonly pollMs: number;
  /** Another process is at work; called once. */
  readonly waits: () => void;
}

/**
 * Waits until no other process fetches into this folder, and then keeps others out until it is
 * disposed. The lock of a process that died is taken over.
 */
export async function becomeSoleFetcher(
  modelsDir: string,
  { pollMs, waits }: Options,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const lock = path.join(modelsDir, FILE);
  const owner = JSON.stringify({ host: os.hostname(), pid: process.pid, id: randomUUID() });
  for (let waited = false; ; waited = true) {
    const file = await create(lock);
    if (file) return hold(file, lock, owner);
    if (await isAbandoned(lock)) {
      await setAside(lock);
      continue;
    }
    if (!waited) waits();
    await setTimeout(pollMs, undefined, { signal });
  }
}

async function create(lock: string): Promise<FileHandle | null> {
  return open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
}

async function hold(file: FileHandle, lock: string, owner: string): Promise<AsyncDisposable> {
  await file.writeFile(owner);
  let last = Promise.resolve();
  const alive = setInterval(() => {
    const now = new Date();
    // The lock on a lost disk is of no use to anybody; the fetch itself reports it.
    last = file.utimes(now, now).catch(() => {});
  }, SIGN_OF_LIFE_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(alive);
      await last;
      await file.close();
      if ((await contents(lock)) === owner) await rm(lock, { force: true });
    },
  };
}

async function isAbandoned(lock: string): Promise<boolean> {
  const [text, found] = await Promise.all([contents(lock), stat(lock).catch(gone)]);
  if (!found) return false;
  if (Date.now() - found.mtimeMs > ABANDONED_MS) return true;
  const owner = /"host":"(.*)","pid":(\d+)/.exec(text ?? '');
  return owner?.[1] === os.hostname() && !isRunning(Number(owner[2]));
}

/** Renamed first, so that of two who find it abandoned only one goes on. */
async function setAside(lock: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  const renamed = await rename(lock, aside).then(() => true, gone);
  if (renamed) await rm(aside, { force: true });
}

function contents(lock: string): Promise<string | null> {
  return readFile(lock, 'utf8').catch(gone);
}

function gone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
