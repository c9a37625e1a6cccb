import { once } from 'node:events';
import process from 'node:process';
import { endAfterGrace, openLog, runProcess } from '@earshot/process';
import { type Config, loadConfig } from './config.ts';
import { start } from './start.ts';
import { USAGE } from './usage.ts';

/** What is said of a failure is written by then. */
const FAILED_STOP_MS = 500;

/** The first signal lets what is under way end. */
async function work(config: Config, signal: AbortSignal): Promise<void> {
  const log = openLog(config);
  await using worker = await start(config, log, signal);
  log.info({ health: worker.healthUrl, taskQueue: config.temporal.taskQueue }, 'worker started');
  const told = signal.aborted ? undefined : once(signal, 'abort');
  await Promise.race([told, worker.stopped]);
  log.info('worker stops');
  endAfterGrace(config.graceMs);
}

/** Temporal's own threads, once set up, would keep a worker alive that never came about. */
function endSoon(error: unknown): never {
  setTimeout(() => process.exit(), FAILED_STOP_MS).unref();
  throw error;
}

await runProcess({
  usage: USAGE,
  run: (signal) => work(loadConfig(process.env), signal).catch(endSoon),
});
