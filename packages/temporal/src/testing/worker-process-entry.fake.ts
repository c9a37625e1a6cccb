import process from 'node:process';
import type { CallActivities } from '@earshot/calls';
import { startCallWorker } from '../call-worker.ts';
import { installTelemetry } from '../telemetry.ts';
import type { WorkerAnswer, WorkerMessage, WorkerSetup } from './worker-process.fake.ts';

/** A worker in a process of its own. Its activities are done by the process that started it. */
const setup: WorkerSetup = JSON.parse(process.argv[2] ?? '');
const waiting = new Map<number, (answer: WorkerAnswer) => void>();
let asked = 0;

process.on('message', (answer: WorkerAnswer) => waiting.get(answer.id)?.(answer));
// Whoever started it is gone.
process.on('disconnect', () => process.exit());

function tell(message: WorkerMessage): void {
  process.send?.(message);
}

function elsewhere(activity: keyof CallActivities) {
  return (...given: unknown[]): Promise<never> =>
    new Promise((resolve, reject) => {
      asked += 1;
      const id = asked;
      waiting.set(id, ({ error, result }) => {
        waiting.delete(id);
        if (error === null) resolve(result as never);
        else reject(new Error(error));
      });
      tell({ type: 'activity', id, activity, given });
    });
}

installTelemetry({ metricsAddress: null, logLevel: 'error', log: () => {} });
const activities: CallActivities = {
  begin: elsewhere('begin'),
  turn: elsewhere('turn'),
  dial: elsewhere('dial'),
  find: elsewhere('find'),
  lookUp: elsewhere('lookUp'),
  hangUp: elsewhere('hangUp'),
  note: elsewhere('note'),
  settle: elsewhere('settle'),
};
await startCallWorker({ ...setup, activities }, new AbortController().signal);
tell({ type: 'ready' });
