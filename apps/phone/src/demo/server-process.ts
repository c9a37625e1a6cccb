import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export interface ServerProcessOptions {
  /** The server's `main.ts`. */
  readonly main: string;
  /** Its whole environment but the port. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes what it prints. */
  readonly logFile: string;
  readonly readyWithinMs: number;
  /** Default: one that is free. */
  readonly port?: number;
}

/** The server could not be started, or never became ready. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly code = 'server-not-ready';
}

const LOOK_MS = 100;
const GRACE_MS = 10_000;

/** A server of our own in a child process, on a free port of the loopback interface. Disposing stops it. */
export class ServerProcess implements AsyncDisposable {
  readonly base: string;
  readonly #child: ChildProcess;

  /** Resolves when the server is ready for calls. */
  static async start(options: ServerProcessOptions, signal: AbortSignal): Promise<ServerProcess> {
    const port = options.port ?? (await freePort());
    const log = await open(options.logFile, 'w');
    try {
      const child = spawn(process.execPath, [options.main], {
        env: { ...options.environment, WS_HOST: '127.0.0.1', WS_PORT: String(port) },
        stdio: ['ignore', log.fd, log.fd],
      });
      const server = new ServerProcess(child, `http://127.0.0.1:${port}`);
      await server.#ready(options, signal);
      return server;
    } finally {
      await log.close();
    }
  }

  private constructor(child: ChildProcess, base: string) {
    this.#child = child;
    this.base = base;
  }

  /** For whoever wants to look at its processes; 0 when none could be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends it as a crash does: it has no time for anything. */
  async kill(): Promise<void> {
    if (this.#exited) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  /** Asks the server to end, and makes it end when it does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exited) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const impatience = new AbortController();
    const kill = setTimeout(GRACE_MS, null, { signal: impatience.signal }).then(
      () => this.#child.kill('SIGKILL'),
      () => false,
    );
    await exit;
    impatience.abort();
    await kill;
  }

  get #exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ready(
    { logFile, readyWithinMs }: ServerProcessOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const deadline = performance.now() + readyWithinMs;
    let reason = 'it does not answer';
    try {
      while (performance.now() < deadline) {
        if (this.#exited) throw new ServerStartError(`The server ended at once; see ${logFile}`);
        const answer = await this.#ask(signal);
        if (answer === null) return;
        reason = answer;
        await setTimeout(LOOK_MS, null, { signal });
      }
      throw new ServerStartError(
        `The server was not ready after ${readyWithinMs / 1_000} s: ${reason}; see ${logFile}`,
      );
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Null when it is ready, else why not. */
  async #ask(signal: AbortSignal): Promise<string | null> {
    try {
      const response = await fetch(`${this.base}/health/ready`, { signal });
      return response.ok ? null : await response.text();
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : 'it does not answer';
    }
  }
}

/** Of the loopback interface. */
export async function freePort(): Promise<number> {
  await using probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  return (probe.address() as AddressInfo).port;
}
