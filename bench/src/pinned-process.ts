import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/** The server has the first core for itself, the client the second where there is one. */
export const SERVER_CORE = 0;
export const CLIENT_CORE = availableParallelism() > 1 ? 1 : 0;

/** One core, or 'any' of them. */
export type Core = number | 'any';

const PIN = 'taskset';
const KILL_AFTER_MS = 3000;
const CAN_PIN = !spawnSync(PIN, ['--version']).error;

export interface Command {
  /** Program and arguments. */
  readonly line: readonly [program: string, ...args: string[]];
  readonly folder?: string;
  /** Added to our own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A child process on one core, where the system has `taskset`. Disposing ends it. */
export class PinnedProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #output: Promise<string>;
  readonly #errors: Promise<string>;

  constructor({ line, folder, environment }: Command, core: Core, signal: AbortSignal) {
    const [program, ...args] = CAN_PIN && core !== 'any' ? [PIN, '-c', `${core}`, ...line] : line;
    this.#child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#output = all(this.#child.stdout);
    this.#errors = all(this.#child.stderr);
    signal.addEventListener('abort', () => this.#child.kill(), { once: true });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What it printed until it ended. Rejects with its complaints unless it ended well. */
  async finish(): Promise<string> {
    await this.#closed;
    if (this.#child.exitCode === 0) return this.#output;
    throw new Error(`${this.#child.spawnargs.join(' ')}\n${(await this.#errors).slice(-2000)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.#child.kill();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await Promise.allSettled([this.#closed]);
    clearTimeout(timer);
  }
}

async function all(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream ? text(stream) : '';
}
