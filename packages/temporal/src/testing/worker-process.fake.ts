import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallActivities } from '@earshot/calls';
import type { CallWorkerOptions } from '../call-worker.ts';

export type WorkerSetup = Omit<CallWorkerOptions, 'activities' | 'onAway'>;

export type WorkerMessage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'activity';
      readonly id: number;
      readonly activity: keyof CallActivities;
      readonly given: readonly unknown[];
    };

export interface WorkerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error: string | null;
}

export interface WorkerProcess extends AsyncDisposable {
  /** With SIGKILL: it has no time for anything. */
  kill(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('worker-process-entry.fake.ts', import.meta.url));

/** Resolves once the worker takes work. */
export async function startWorkerProcess(
  setup: WorkerSetup,
  activities: CallActivities,
): Promise<WorkerProcess> {
  const child = fork(ENTRY, [JSON.stringify(setup)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = Promise.withResolvers<void>();
  child.once('exit', (code) => ready.reject(new Error(`The worker ended with ${code}`)));
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'ready') ready.resolve();
    else void answer(child, message, activities);
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await ready.promise;
  return { kill, [Symbol.asyncDispose]: kill };
}

async function answer(
  child: ChildProcess,
  { id, activity, given }: WorkerMessage & { type: 'activity' },
  activities: CallActivities,
): Promise<void> {
  // What was given came from this very interface.
  const work = activities[activity].bind(activities) as (...given: readonly unknown[]) => unknown;
  const told = await Promise.resolve(work(...given))
    .then((result) => ({ id, result, error: null }))
    .catch((error: unknown) => ({ id, error: String(error) }));
  if (child.connected) child.send(told);
}
