import { once } from 'node:events';
import process from 'node:process';
import { startEmulator } from './compose/start-emulator.ts';
import { type Config, loadConfig } from './config.ts';
import { openDesk } from './live/open-desk.ts';
import { openLog } from './log.ts';
import { failureOf } from './process-failure.ts';
import { type Server, start } from './start.ts';
import { farewellOf, noticesOf } from './start-notices.ts';
import { asksForHelp, USAGE } from './start-options.ts';

/** If closing takes longer than this after the calls' grace, something hangs. */
const HARD_STOP_MS = 15_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const shutdown = new AbortController();

/** The first signal lets calls end; a second one finds no listener and ends the process at once. */
function stop(): void {
  for (const signal of SIGNALS) process.off(signal, stop);
  shutdown.abort();
}

for (const signal of SIGNALS) process.on(signal, stop);

const print = (text: string) => process.stderr.write(`${text}\n`);

async function serve(config: Config): Promise<void> {
  const { signal } = shutdown;
  const options = {
    log: openLog(config),
    openDesk: (opening: AbortSignal) => openDesk(config, process.stderr, opening),
    startEmulator: () => startEmulator(config, process.env, signal),
  };
  await using server: Server = await start(config, options, signal);
  print(`Earshot listens at ${server.url}`);
  for (const line of noticesOf(config)) print(line);
  if (!signal.aborted) await once(signal, 'abort');
  setTimeout(() => process.exit(1), config.graceMs + HARD_STOP_MS).unref();
  for (const line of farewellOf(server.liveCalls(), config)) print(line);
  await server.drain();
}

try {
  if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`);
  else await serve(loadConfig(process.env));
} catch (error) {
  // Told to stop before it had started.
  if (!shutdown.signal.aborted) {
    const { text, exitCode } = failureOf(error);
    print(text);
    process.exitCode = exitCode;
  }
}
