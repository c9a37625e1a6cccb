import { EngineChild, type EngineModule } from './engine-child.ts';
import { EngineError } from './engine-error.ts';
import type { FromEngine } from './engine-message.ts';
import type { Job } from './job.ts';

export interface WorkerOptions extends EngineModule {
  readonly name: string;
  readonly startDeadlineMs: number;
  readonly maxBackOffMs: number;
}

/** Where a worker gets its work and reports what became of it. */
export interface Work {
  next(): Job | undefined;
  giveBack(job: Job, error: EngineError): void;
  ready(loadMs: number): void;
  startFailed(error: EngineError): void;
  ended(how: 'crashed' | 'hung'): void;
}

type State =
  /** Starts when there is work. */
  | { readonly type: 'down' }
  | { readonly type: 'starting'; readonly child: EngineChild; readonly deadline: Deadline }
  | { readonly type: 'idle'; readonly child: EngineChild }
  | {
      readonly type: 'busy';
      readonly child: EngineChild;
      readonly job: Job;
      readonly deadline: Deadline;
    }
  /** Starts again when the back-off is over. */
  | { readonly type: 'backing-off'; readonly timer: NodeJS.Timeout }
  | { readonly type: 'closed' };

/** Kills the child when it passes; `passed` then tells a hang from a crash. */
interface Deadline {
  readonly timer: NodeJS.Timeout;
  passed: boolean;
}

const FIRST_BACK_OFF_MS = 100;

/** Keeps one engine process running and gives it one job at a time. */
export class EngineWorker {
  readonly #options: WorkerOptions;
  readonly #work: Work;
  #state: State = { type: 'down' };
  /** Ends of the process since it last did something well. */
  #failures = 0;

  constructor(options: WorkerOptions, work: Work) {
    this.#options = options;
    this.#work = work;
  }

  get up(): boolean {
    return this.#state.type === 'idle' || this.#state.type === 'busy';
  }

  get pid(): number | undefined {
    return 'child' in this.#state ? this.#state.child.pid : undefined;
  }

  /** There is work, or the engine is wanted warm. */
  wake(): void {
    if (this.#state.type === 'down') this.#start();
    else if (this.#state.type === 'idle') this.#takeNext(this.#state.child);
  }

  /** The asker is gone. The engine stops early if it can; until then it is busy. */
  cancel(job: Job): void {
    if (this.#state.type !== 'busy' || this.#state.job !== job) return;
    this.#state.child.tell({ type: 'cancel', id: job.id });
  }

  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { type: 'closed' };
    if (state.type === 'backing-off') clearTimeout(state.timer);
    if (state.type === 'starting' || state.type === 'busy') clearTimeout(state.deadline.timer);
    if ('child' in state) await state.child.end();
  }

  #start(): void {
    const child: EngineChild = new EngineChild(this.#options, {
      told: (message) => this.#hear(child, message),
      ended: (exitCode, lastWords) => this.#bury(exitCode, lastWords),
    });
    const deadline = killAfter(child, this.#options.startDeadlineMs);
    this.#state = { type: 'starting', child, deadline };
  }

  #takeNext(child: EngineChild): void {
    const job = this.#work.next();
    if (!job) {
      this.#state = { type: 'idle', child };
      return;
    }
    const { kind, input, deadlineMs } = job.order;
    this.#state = { type: 'busy', child, job, deadline: killAfter(child, deadlineMs) };
    job.begin();
    child.tell({ type: 'request', id: job.id, kind, input });
  }

  #hear(child: EngineChild, message: FromEngine): void {
    const state = this.#state;
    if (state.type === 'starting' && message.type === 'ready') {
      clearTimeout(state.deadline.timer);
      this.#work.ready(message.loadMs);
      this.#takeNext(child);
      return;
    }
    if (state.type !== 'busy' || message.type === 'ready' || message.id !== state.job.id) return;
    if (message.type === 'part') {
      state.deadline.timer.refresh();
      state.job.deliver(message.part);
      return;
    }
    clearTimeout(state.deadline.timer);
    this.#failures = 0;
    if (message.type === 'done') state.job.finish(message.output, message.engineMs);
    else state.job.fail(new EngineError('engine-refused', message.message));
    this.#takeNext(child);
  }

  /** The process is gone: its job is given back, and another process takes its place. */
  #bury(exitCode: number | null, lastWords: string): void {
    const state = this.#state;
    if (state.type !== 'starting' && state.type !== 'busy' && state.type !== 'idle') return;
    const hung = state.type !== 'idle' && state.deadline.passed;
    if (state.type !== 'idle') clearTimeout(state.deadline.timer);
    this.#failures += 1;
    this.#backOff();
    this.#work.ended(hung ? 'hung' : 'crashed');
    if (state.type === 'starting')
      this.#work.startFailed(this.#startError(hung, exitCode, lastWords));
    if (state.type === 'busy') this.#work.giveBack(state.job, this.#jobError(hung, exitCode));
  }

  /** At once after the first failure, then 100, 200, 400 … milliseconds later. */
  #backOff(): void {
    const growing = this.#failures < 2 ? 0 : FIRST_BACK_OFF_MS * 2 ** (this.#failures - 2);
    const timer = setTimeout(() => this.#start(), Math.min(growing, this.#options.maxBackOffMs));
    this.#state = { type: 'backing-off', timer };
  }

  #startError(hung: boolean, exitCode: number | null, lastWords: string): EngineError {
    const { name, startDeadlineMs } = this.#options;
    const how = hung ? `was not ready within ${startDeadlineMs} ms` : `ended with code ${exitCode}`;
    const said = lastWords === '' ? '' : `: ${lastWords}`;
    return new EngineError('engine-start-failed', `${name} ${how}${said}`, hung ? null : exitCode);
  }

  /** Without the process's last words: they may hold what a caller said. */
  #jobError(hung: boolean, exitCode: number | null): EngineError {
    const { name } = this.#options;
    return hung
      ? new EngineError('engine-hung', `${name} gave no answer within its deadline, twice`)
      : new EngineError('engine-crashed', `${name} died at work, twice`, exitCode);
  }
}

function killAfter(child: EngineChild, ms: number): Deadline {
  const deadline: Deadline = {
    passed: false,
    timer: setTimeout(() => {
      deadline.passed = true;
      child.kill();
    }, ms),
  };
  return deadline;
}
