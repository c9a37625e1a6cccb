import { once } from 'node:events';
import process from 'node:process';
import { type Config, loadConfig } from './config.ts';
import { openLog } from './log.ts';
import { start } from './start.ts';
import { asksForHelp, USAGE } from './start-options.ts';

/** If closing takes longer than this after the grace, something hangs. */
const HARD_STOP_MS = 15_000;

/** What is said of a failure is written by then. */
const FAILED_STOP_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const shutdown = new AbortController();

/** The first signal lets what is under way end; a second one finds no listener and ends the process at once. */
function stop(): void {
  for (const signal of SIGNALS) process.off(signal, stop);
  shutdown.abort();
}

for (const signal of SIGNALS) process.on(signal, stop);

async function work(config: Config): Promise<void> {
  const log = openLog(config);
  await using worker = await start(config, log, shutdown.signal);
  log.info({ health: worker.healthUrl, taskQueue: config.temporal.taskQueue }, 'worker started');
  const told = shutdown.signal.aborted ? undefined : once(shutdown.signal, 'abort');
  await Promise.race([told, worker.stopped]);
  log.info('worker stops');
  setTimeout(() => process.exit(1), config.graceMs + HARD_STOP_MS).unref();
}

try {
  if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`);
  else await work(loadConfig(process.env));
} catch (error) {
  // Temporal's own threads, once set up, would keep a worker alive that never came about.
  setTimeout(() => process.exit(), FAILED_STOP_MS).unref();
  // Told to stop before it had started.
  if (!shutdown.signal.aborted) {
    const known = error instanceof Error && 'code' in error;
    process.stderr.write(`${known ? error.message : String(error)}\n`);
    process.exitCode = known && String(error.code).startsWith('ERR_PARSE_ARGS_') ? 2 : 1;
  }
}
