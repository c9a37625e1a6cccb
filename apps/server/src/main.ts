import { once } from 'node:events';
import process from 'node:process';
import { type Config, loadConfig } from './config.ts';
import { openDesk } from './live/open-desk.ts';
import { openLog } from './log.ts';
import { failureOf } from './process-failure.ts';
import { type Server, start } from './start.ts';
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
  const open = (signal: AbortSignal) => openDesk(config, process.stderr, signal);
  await using server: Server = await start(
    config,
    { log: openLog(config), openDesk: open },
    shutdown.signal,
  );
  print(`Earshot listens at ${server.url}`);
  if (config.auth.localOnly)
    print('No TWILIO_AUTH_TOKEN is set: only the emulator on this machine can call.');
  if (!shutdown.signal.aborted) await once(shutdown.signal, 'abort');
  setTimeout(() => process.exit(1), config.graceMs + HARD_STOP_MS).unref();
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
