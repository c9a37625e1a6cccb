import process from 'node:process';
import { stopSignal } from '@earshot/process';
import { loadConfig } from './config.ts';
import { openKeys } from './keys/open-keys.ts';
import { runKeys } from './keys/run-keys.ts';
import { failureOf } from './process-failure.ts';

/** `npm run keys`: makes, lists and revokes the keys of the API. */
const stopping = stopSignal();

try {
  const open = () => openKeys(loadConfig(process.env).database, stopping);
  const write = (text: string) => process.stdout.write(`${text}\n`);
  await runKeys(process.argv.slice(2), { open, write, now: Date.now });
} catch (error) {
  const { text, exitCode } = failureOf(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
