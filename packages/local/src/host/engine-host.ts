import type { EngineModule } from './engine-child.ts';
import { EngineError } from './engine-error.ts';
import { EngineWorker, type Work } from './engine-worker.ts';
import { FairQueue } from './fair-queue.ts';
import { type Answer, Job } from './job.ts';
import type { EngineHandlers } from './serve.ts';

export interface EngineHostOptions extends EngineModule {
  /** For errors and tables, in plain words: 'Whisper', 'Piper'. */
  readonly name: string;
  /** Engine processes that share the queue. Default 1. */
  readonly processes?: number;
  /** Requests that may wait. Default 64. */
  readonly maxQueued?: number;
  /** How long a request may wait for its turn. Default 10 s. */
  readonly maxWaitMs?: number;
  /** Without a sign of life for this long, an engine at work counts as hung. Default 10 s. */
  readonly deadlineMs?: number;
  /** The same while it loads. Default 30 s. */
  readonly startDeadlineMs?: number;
  /** The longest pause between two starts. Default 30 s. */
  readonly maxBackOffMs?: number;
}

export interface RequestOptions {
  /** Who asks, for example a call's id: lanes take turns. */
  readonly lane?: string;
  readonly deadlineMs?: number;
}

/** Counts since the host was made. */
export interface EngineStats {
  readonly up: boolean;
  /** Of the engine processes that are there now. */
  readonly pids: readonly number[];
  readonly queued: number;
  readonly starts: number;
  readonly crashed: number;
  readonly hung: number;
  readonly repeated: number;
  /** How long the newest process took to load and warm up; null before the first is ready. */
  readonly loadMs: number | null;
}

type Kind<E> = keyof E & string;
type Input<E extends EngineHandlers, K extends Kind<E>> = Parameters<E[K]>[0];
type Part<E extends EngineHandlers, K extends Kind<E>> =
  ReturnType<E[K]> extends AsyncGenerator<infer P, unknown> ? P : never;
type Output<E extends EngineHandlers, K extends Kind<E>> =
  ReturnType<E[K]> extends AsyncGenerator<unknown, infer O> ? O : Awaited<ReturnType<E[K]>>;

/**
 * Runs an engine in child processes, so that what may block, crash or hang does it elsewhere.
 *
 *     import type { EchoEngine } from './echo-process.ts';
 *     const options = { name: 'Echo', module: new URL('./echo-process.ts', import.meta.url) };
 *     await using host = await EngineHost.open<EchoEngine>(options, signal);
 *     const { output, engineMs, queuedMs } = await host.request('say', { text }, { lane }, signal);
 *     for await (const part of host.stream('spell', { text }, { lane }, signal)) { … }
 *
 * The process file is described at `serve`. What holds:
 * - A process works on one request at a time. First come, first served within a lane; lanes take turns.
 * - When the process dies or hangs, another takes its place (at once, then with growing pauses) and
 *   the request in hand is asked once more, before all others. A stream goes on where it was: the
 *   parts already delivered are left out. Only a second failure reaches the asker.
 * - Aborting the signal rejects at once with its reason. A waiting request leaves the queue; an engine
 *   at work is told, and its process is free for others when it has stopped.
 * - Every other rejection is an `EngineError`. A request that waits too long, finds the queue full, or
 *   waits while the engine cannot be started, is rejected: nobody waits for ever.
 * - The process ends with the host, and with our own process however that ends.
 * Without `open` or `start`, the process starts at the first request.
 */
export class EngineHost<E extends EngineHandlers> implements AsyncDisposable {
  readonly #options: EngineHostOptions;
  readonly #queue = new FairQueue<Job>();
  readonly #workers: readonly EngineWorker[];
  readonly #jobs = new Set<Job>();
  #starting: PromiseWithResolvers<void> | null = null;
  #closed = false;
  readonly #counts = { starts: 0, crashed: 0, hung: 0, repeated: 0 };
  #loadMs: number | null = null;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    const { startDeadlineMs = 30_000, maxBackOffMs = 30_000, processes = 1 } = options;
    const work: Work = {
      next: () => this.#queue.shift(),
      giveBack: (job, error) => this.#giveBack(job, error),
      ready: (loadMs) => this.#ready(loadMs),
      startFailed: (error) => this.#startFailed(error),
      ended: (how) => {
        this.#counts[how] += 1;
      },
    };
    const worker = () => new EngineWorker({ ...options, startDeadlineMs, maxBackOffMs }, work);
    this.#workers = Array.from({ length: processes }, worker);
  }

  /** A host whose engine is loaded and warm. Rejects with `engine-start-failed` and the exit code. */
  static async open<E extends EngineHandlers>(
    options: EngineHostOptions,
    signal: AbortSignal,
  ): Promise<EngineHost<E>> {
    signal.throwIfAborted();
    await using opened = new AsyncDisposableStack();
    const host = opened.use(new EngineHost<E>(options));
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
      await Promise.race([host.start(), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
    opened.move();
    return host;
  }

  /** Resolves when an engine process is loaded and warm; rejects when the next start fails. */
  async start(): Promise<void> {
    if (this.#closed) throw this.#closedError();
    if (this.#workers.some((worker) => worker.up)) return;
    this.#starting ??= Promise.withResolvers();
    for (const worker of this.#workers) worker.wake();
    await this.#starting.promise;
  }

  get stats(): EngineStats {
    const up = this.#workers.some((worker) => worker.up);
    const pids = this.#workers.flatMap((worker) => worker.pid ?? []);
    return { up, pids, queued: this.#queue.size, ...this.#counts, loadMs: this.#loadMs };
  }

  /** One question, one answer. */
  async request<K extends Kind<E>>(
    kind: K,
    input: Input<E, K>,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<Answer<Output<E, K>>> {
    const results = this.stream(kind, input, options, signal);
    let next = await results.next();
    while (!next.done) next = await results.next();
    return next.value;
  }

  /** The answer's parts as they come; the generator's return value is the answer. */
  async *stream<K extends Kind<E>>(
    kind: K,
    input: Input<E, K>,
    { lane = '', deadlineMs = this.#options.deadlineMs ?? 10_000 }: RequestOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Part<E, K>, Answer<Output<E, K>>> {
    signal.throwIfAborted();
    if (this.#closed) throw this.#closedError();
    const { maxQueued = 64, name } = this.#options;
    if (this.#queue.size >= maxQueued)
      throw new EngineError('engine-busy', `${name} has ${maxQueued} requests waiting`);
    const job = new Job({ kind, input, lane, deadlineMs });
    const abandon = () => this.#abandon(job, signal.reason);
    signal.addEventListener('abort', abandon);
    this.#jobs.add(job);
    this.#queue.push(lane, job);
    this.#wake(job);
    try {
      // The type of the process file is the contract for what comes back.
      return yield* job.results() as AsyncGenerator<Part<E, K>, Answer<Output<E, K>>>;
    } finally {
      signal.removeEventListener('abort', abandon);
      if (!job.ended) this.#abandon(job, null);
      this.#jobs.delete(job);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const closing = Promise.all(this.#workers.map((worker) => worker.close()));
    this.#starting?.reject(this.#closedError());
    this.#starting = null;
    this.#queue.takeAll();
    for (const job of this.#jobs) job.fail(this.#closedError());
    await closing;
  }

  #wake(job: Job): void {
    const { name, maxWaitMs = 10_000 } = this.#options;
    job.waitAtMost(maxWaitMs, () => {
      if (this.#queue.remove(job))
        job.fail(new EngineError('engine-busy', `${name} had no time within ${maxWaitMs} ms`));
    });
    for (const worker of this.#workers) worker.wake();
  }

  #abandon(job: Job, reason: unknown): void {
    if (!this.#queue.remove(job)) for (const worker of this.#workers) worker.cancel(job);
    job.abandon(reason);
  }

  #giveBack(job: Job, error: EngineError): void {
    if (!job.repeat()) {
      job.fail(error);
      return;
    }
    this.#counts.repeated += 1;
    this.#queue.pushUrgent(job);
    this.#wake(job);
  }

  #ready(loadMs: number): void {
    this.#counts.starts += 1;
    this.#loadMs = loadMs;
    this.#starting?.resolve();
    this.#starting = null;
  }

  /** Nobody waits for an engine that cannot start; the next start may still go well. */
  #startFailed(error: EngineError): void {
    this.#starting?.reject(error);
    this.#starting = null;
    if (this.#workers.some((worker) => worker.up)) return;
    for (const job of this.#queue.takeAll()) job.fail(error);
  }

  #closedError(): EngineError {
    return new EngineError('engine-closed', `${this.#options.name} was closed`);
  }
}
