import { once } from 'node:events';
import process from 'node:process';
import { endAfterGrace, openLog, runProcess } from '@earshot/process';
import { startEmulator } from './compose/start-emulator.ts';
import { type Config, loadConfig } from './config.ts';
import { openDesk } from './live/open-desk.ts';
import { failureOf } from './process-failure.ts';
import { type Server, start } from './start.ts';
import { farewellOf, noticesOf } from './start-notices.ts';
import { USAGE } from './usage.ts';

const print = (text: string) => process.stderr.write(`${text}\n`);

/** The first signal lets calls end. */
async function serve(config: Config, signal: AbortSignal): Promise<void> {
  const log = openLog(config);
  const options = {
    log,
    openDesk: (opening: AbortSignal) => openDesk(config, { screen: process.stderr, log }, opening),
    startEmulator: (opening: AbortSignal) => startEmulator(config, process.env, opening),
  };
  await using server: Server = await start(config, options, signal);
  print(`Earshot listens at ${server.url}`);
  for (const line of noticesOf(config)) print(line);
  if (!signal.aborted) await once(signal, 'abort');
  endAfterGrace(config.graceMs);
  for (const line of farewellOf(server.liveCalls(), config)) print(line);
  await server.drain();
}

await runProcess({
  usage: USAGE,
  run: (signal) => serve(loadConfig(process.env), signal),
  failureOf,
});
