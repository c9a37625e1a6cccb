import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../demo/server-process.ts';

const LOOK_MS = 50;

/** A server that the product leans on: stopped and started again in the middle of a story. */
export class OutsideServer implements AsyncDisposable {
  readonly port: number;
  readonly #command: readonly [string, ...string[]];
  #process: ChildProcess | null = null;

  private constructor(port: number, command: readonly [string, ...string[]]) {
    this.port = port;
    this.#command = command;
  }

  static async open(
    commandOn: (port: string) => readonly [string, ...string[]],
  ): Promise<OutsideServer> {
    const port = await freePort();
    const server = new OutsideServer(port, commandOn(String(port)));
    await server.start();
    return server;
  }

  /** Resolves once connections are taken. */
  async start(): Promise<void> {
    const [program, ...options] = this.#command;
    const child = spawn(program, options, { stdio: 'ignore' });
    this.#process = child;
    await once(child, 'spawn');
    while (!(await takesConnections(this.port))) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      await pause(LOOK_MS);
    }
  }

  /** `kill -9`. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Redis that keeps nothing. */
export function openRedisServer(folder: string): Promise<OutsideServer> {
  return OutsideServer.open((port) => [
    'redis-server',
    ...['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
  ]);
}

/** Temporal that knows, started again, what it knew. */
export function openTemporalServer(cli: string, folder: string): Promise<OutsideServer> {
  return OutsideServer.open((port) => [
    cli,
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', port],
    ...['--db-filename', `${folder}/temporal.db`, '--log-level', 'never'],
  ]);
}

/** Sends a signal to a process and to all of its children, as Linux tells them. */
export function signalAll(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  for (const one of [pid, ...children.map(Number)]) process.kill(one, signal);
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
