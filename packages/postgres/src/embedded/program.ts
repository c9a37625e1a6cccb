import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { Owner } from './owners.ts';

/** A program of PostgreSQL and the directory that it works on. */
export interface Work {
  readonly program: string;
  readonly args: readonly string[];
  /** The cluster's directory, open: its files can be reached through it where its path cannot. */
  readonly directory: FileHandle | null;
  /** Null: as ourselves. */
  readonly owner: Owner | null;
}

/**
 * Where a program that `start` started finds its directory. A home that only root may enter closes
 * its path to everybody else, but not the open directory that the program inherits.
 */
export const INHERITED = '/proc/self/fd/3';

const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' };

/**
 * Starts it in a session of its own: a Ctrl-C at our terminal is ours to handle. When this process ends
 * first, it is told to end too: PostgreSQL then writes everything down, though nobody waits for it.
 */
export function start({ program, args, directory, owner }: Work): ChildProcess {
  const options: SpawnOptions = {
    cwd: '/',
    detached: true,
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe', ...(directory ? [directory.fd] : [])],
    ...owner,
  };
  const child = spawn(program, args, options);
  const end = () => void child.kill('SIGINT');
  process.once('exit', end);
  return child.once('close', () => process.off('exit', end));
}

export interface Answer {
  /** Null: ended by a signal. */
  readonly code: number | null;
  /** All that it said, on both of its outputs. */
  readonly text: string;
}

/** Runs it to its end. Throws the system's error when it cannot be started. */
export async function run(work: Work, signal: AbortSignal, input = ''): Promise<Answer> {
  signal.throwIfAborted();
  const child = start(work);
  // With the programs that it started itself: its session is a group of processes.
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', stop);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  // It may end before it has read all; its code tells.
  child.stdin?.on('error', () => undefined).end(input);
  try {
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    return { code, text };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
