import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataDirectory, failure, fsyncOf } from './cluster.ts';
import { markOf } from './orphan.ts';
import { INHERITED, start } from './program.ts';

/** How long it may take to write everything down before it is ended without. */
const STOP_MS = 20_000;
const QUIT_MS = 5_000;
const LAST_LINES = 20;
/** Processes of a killed server let go of its memory one after the other, within some seconds. */
const LINGER_MS = 250;
const LINGER_TRIES = 60;

/**
 * Settings for a small machine. Statements and values never reach the log: levels below LOG, which
 * errors of statements are among, are left out.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_line_prefix: '',
  logging_collector: 'off',
  log_destination: 'stderr',
} as const;

/** A server that takes connections. */
export interface Postmaster {
  readonly port: number;
  /** Resolves when it has ended, in whatever way. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on this port, or on a free one (null), and waits until it takes connections. */
export async function startPostmaster(
  data: DataDirectory,
  port: number | null,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Postmaster> {
  for (let tries = 1; ; tries++) {
    const chosen = port ?? (await freePort());
    try {
      return await startOn(data, chosen, log, signal);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      // The server that was left behind has ended, and its own processes have not quite.
      const lingers = /pre-existing shared memory block/.test(message) && tries < LINGER_TRIES;
      // Somebody else took the free port between.
      const taken = /could not (bind|create any TCP)/.test(message) && port === null && tries < 5;
      if (!taken && !lingers) throw error;
      if (lingers) await sleep(LINGER_MS, undefined, { signal });
    }
  }
}

async function startOn(
  data: DataDirectory,
  port: number,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Postmaster> {
  signal.throwIfAborted();
  const { bin, cluster, owners } = data;
  await using directory = await open(cluster);
  const owner = owners?.server ?? null;
  const cluster_name = await markOf(cluster);
  const own = { cluster_name, fsync: fsyncOf(data), port: String(port) };
  const settings = Object.entries({ ...SETTINGS, ...own });
  const args = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = start({
    program: join(bin, 'postgres'),
    args: [...args, '-D', owner ? INHERITED : cluster],
    directory,
    owner,
  });
  const closed = once(child, 'close').then(() => undefined);
  const stop = () => stopped(child, closed);
  try {
    await ready(child, log, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, ended: closed, stop };
}

async function ready(child: ChildProcess, log: (line: string) => void, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const last: string[] = [];
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  child.stdout?.resume();
  child.stdin?.on('error', () => undefined).end();
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      if (line.includes('database system is ready to accept connections')) resolve();
      if (!line.startsWith('LOG:')) log(line);
    });
  child.once('error', reject);
  child.once('close', (code) => reject(failure('postgres', { code, text: last.join('\n') })));
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function stopped(child: ChildProcess, closed: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  const timers = [
    setTimeout(() => child.kill('SIGQUIT'), STOP_MS),
    setTimeout(() => child.kill('SIGKILL'), STOP_MS + QUIT_MS),
  ];
  await closed;
  for (const timer of timers) clearTimeout(timer);
}

/** PostgreSQL takes no 0 for its port. */
async function freePort(): Promise<number> {
  await using probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  return (probe.address() as AddressInfo).port;
}
