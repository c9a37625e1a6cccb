import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, ServerProcess } from '../demo/server-process.ts';

export interface ProductProcessOptions {
  readonly main: 'server' | 'worker';
  /** Its log is kept here. */
  readonly folder: string;
  /** Its whole environment but its port. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default: one that is free. */
  readonly port?: number;
}

const READY_WITHIN_MS = 90_000;
const APPS = path.resolve(import.meta.dirname, '../../..');

/** A server or a worker of the product, which can be killed and started again where it was. */
export class ProductProcess implements AsyncDisposable {
  readonly base: string;
  readonly #options: ProductProcessOptions & { readonly port: number };
  #process: ServerProcess | null = null;
  #starts = 0;

  private constructor(options: ProductProcessOptions & { readonly port: number }) {
    this.#options = options;
    this.base = `http://127.0.0.1:${options.port}`;
  }

  /** Resolves when it is ready for calls. */
  static async open(options: ProductProcessOptions): Promise<ProductProcess> {
    const product = new ProductProcess({ ...options, port: options.port ?? (await freePort()) });
    await product.start();
    return product;
  }

  async start(): Promise<void> {
    const { main, folder, environment, port } = this.#options;
    const logFile = path.join(folder, `${main}-${port}-${++this.#starts}.log`);
    const options = {
      main: path.join(APPS, main, 'src/main.ts'),
      environment: { ...environment, WORKER_HEALTH_PORT: String(port) },
      logFile,
      readyWithinMs: READY_WITHIN_MS,
      port,
    };
    try {
      this.#process = await ServerProcess.start(options, AbortSignal.timeout(READY_WITHIN_MS));
    } catch (cause) {
      throw new Error(await readFile(logFile, 'utf8'), { cause });
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}
