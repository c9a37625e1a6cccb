import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, type Core, PinnedProcess } from './pinned-process.ts';

const START_TIMEOUT_MS = 90_000;

/** A media server that waits for calls. Disposing ends it. */
export class MediaServer implements AsyncDisposable {
  readonly #process: PinnedProcess;
  /** Where it is on 127.0.0.1: `/health` and, for calls, `/ws`. */
  readonly host: string;

  private constructor(process: PinnedProcess, host: string) {
    this.#process = process;
    this.host = host;
  }

  /** Starts the command with a free port as `--port`, and waits until `/health` answers. */
  static start(command: Command, core: Core, signal: AbortSignal): Promise<MediaServer> {
    const on = (port: number): Command => ({
      ...command,
      line: [...command.line, '--port', `${port}`],
    });
    return MediaServer.#start(on, core, '/health', signal);
  }

  /** The product takes its port from PORT, and is ready when it says so. */
  static startProduct(command: Command, signal: AbortSignal): Promise<MediaServer> {
    const on = (port: number): Command => ({
      ...command,
      environment: { ...command.environment, PORT: `${port}` },
    });
    return MediaServer.#start(on, 'any', '/health/ready', signal);
  }

  static async #start(
    on: (port: number) => Command,
    core: Core,
    path: string,
    signal: AbortSignal,
  ): Promise<MediaServer> {
    const port = await freePort();
    const process = new PinnedProcess(on(port), core, signal);
    const server = new MediaServer(process, `127.0.0.1:${port}`);
    try {
      await server.#untilHealthy(path, signal);
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What `/health` tells. */
  async health(): Promise<object> {
    const answer = await fetch(`http://${this.host}/health`);
    return answer.json() as Promise<object>;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }

  async #untilHealthy(path: string, signal: AbortSignal): Promise<void> {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < giveUpAt) {
      if (this.#process.hasEnded) await this.#process.finish();
      const answer = await fetch(`http://${this.host}${path}`).catch(() => null);
      if (answer?.ok) return;
      await pause(100, undefined, { signal });
    }
    throw new Error('The server did not start');
  }
}

/** For servers that do not tell which one they took. */
async function freePort(): Promise<number> {
  await using probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  return (probe.address() as AddressInfo).port;
}
