import { type ChildProcess, fork } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { type FromEngine, parseFromEngine, type ToEngine } from './engine-message.ts';

export interface EngineModule {
  /** The engine's process file, which calls `serve`. */
  readonly module: URL;
  /** Handed to its `open`; anything that structured clone carries. */
  readonly engineOptions?: unknown;
  /** The child's whole environment: engines have no business with our secrets. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the child's priority, 0 to 19: 5 leaves the processor to the media path. Default 5. */
  readonly nice?: number;
}

export interface ChildEvents {
  told(message: FromEngine): void;
  /** Once. `exitCode` is null where no process could be started. `lastWords` is the end of what the process wrote to stderr. */
  ended(exitCode: number | null, lastWords: string): void;
}

const LAST_WORDS_LENGTH = 2000;
const LEAVE_WITHIN_MS = 1000;

/** One engine process. What it prints never reaches our own output. */
export class EngineChild {
  readonly #process: ChildProcess;
  readonly #ended = Promise.withResolvers<void>();
  #lastWords = '';

  constructor({ module, engineOptions, env, nice }: EngineModule, events: ChildEvents) {
    this.#process = fork(fileURLToPath(module), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...env },
    });
    this.#process.stdout?.resume();
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_LENGTH);
    });
    this.#process.on('message', (message) => {
      const parsed = parseFromEngine(message);
      if (parsed) events.told(parsed);
    });
    let over = false;
    const end = (exitCode: number | null, signal: NodeJS.Signals | null) => {
      if (over) return;
      over = true;
      this.#ended.resolve();
      events.ended(
        exitCode ?? (signal && 128 + os.constants.signals[signal]),
        this.#lastWords.trim(),
      );
    };
    this.#process.on('close', end);
    this.#process.on('error', (error) => {
      this.#lastWords += error.message;
      if (this.#process.pid === undefined) end(null, null);
    });
    this.#process.on('disconnect', () => this.#killLater());
    this.#setPriority(nice ?? 5);
    this.tell({ type: 'open', options: engineOptions });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  tell(message: ToEngine): void {
    // A lost channel shows as the end of the process.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** Engines keep nothing that is worth an orderly end. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.kill();
    await this.#ended.promise;
  }

  /** A process that has hung up the channel can no longer be asked, but may be about to tell its exit code. */
  #killLater(): void {
    const timer = setTimeout(() => this.kill(), LEAVE_WITHIN_MS).unref();
    this.#process.once('close', () => clearTimeout(timer));
  }

  #setPriority(nice: number): void {
    const { pid } = this.#process;
    if (pid === undefined || nice === 0) return;
    try {
      os.setPriority(pid, nice);
    } catch (error) {
      this.#lastWords += `Priority unchanged: ${error instanceof Error ? error.message : error}\n`;
    }
  }
}
