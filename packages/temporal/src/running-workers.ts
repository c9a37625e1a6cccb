import type { Worker } from '@temporalio/worker';

/** Runs calls' workflows and activities. Disposing lets activities under way end; calls go on elsewhere. */
export interface CallWorker extends AsyncDisposable {
  /** Takes work now. */
  readonly ready: boolean;
  /** Resolves when it was stopped; rejects when it cannot go on. */
  readonly stopped: Promise<void>;
}

/** Several workers that live and die together. What they need is disposed of after them. */
export class RunningWorkers implements CallWorker {
  readonly stopped: Promise<void>;
  readonly #workers: readonly Worker[];
  readonly #needs: AsyncDisposable;

  constructor(workers: readonly Worker[], needs: AsyncDisposable) {
    this.#workers = workers;
    this.#needs = needs;
    this.stopped = this.#run();
    // Whoever is interested waits for it; a worker that nobody watches must not end the process.
    this.stopped.catch(() => {});
  }

  get ready(): boolean {
    return this.#workers.every((worker) => worker.getState() === 'RUNNING');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shutDown();
    await Promise.allSettled([this.stopped]);
    await this.#needs[Symbol.asyncDispose]();
  }

  async #run(): Promise<void> {
    const runs = this.#workers.map((worker) => worker.run());
    try {
      await Promise.all(runs);
    } finally {
      this.#shutDown();
      await Promise.allSettled(runs);
    }
  }

  #shutDown(): void {
    for (const worker of this.#workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }
}
