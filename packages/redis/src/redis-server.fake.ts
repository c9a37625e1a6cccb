import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const PROGRAM = 'redis-server';

/** Whether a Redis server is on this machine. Where tests are to prove something it has to be. */
export function hasRedisServer(): boolean {
  const { error } = spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' });
  if (error && process.env.CI) throw new Error('redis-server is not on PATH', { cause: error });
  return error === undefined;
}

export const NO_SERVER =
  'skipped: redis-server is not on PATH (Debian: apt-get install redis-server)';

/** A real Redis of the test's own, which keeps nothing and can be stopped, frozen and started again. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: (port: number) => string[] = () => []): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-redis-'));
    const port = await freePort();
    const server = new RedisServer(port, folder, options(port));
    await server.start();
    return server;
  }

  get url(): URL {
    return new URL(`redis://127.0.0.1:${this.port}`);
  }

  async start(): Promise<void> {
    const child = spawn(PROGRAM, this.#arguments, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes('Ready to accept connections')) continue;
      child.stdout.resume();
      return;
    }
    throw new Error('redis-server ended before it was ready');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** It answers nothing, and its connections stay. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #arguments(): string[] {
    const own = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.#folder];
    return [...own, '--save', '', '--appendonly', 'no', ...this.#options];
  }
}

/** To Redis 0 means no port at all. */
async function freePort(): Promise<number> {
  await using probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  return (probe.address() as AddressInfo).port;
}
