import process from 'node:process';
import { fetchModels, missingModels, offlineNotice } from '@earshot/local';
import { type Config, loadConfig } from './config.ts';
import { showDownload } from './screen.ts';

/** `npm run models`: fetches what is missing, and can be stopped and started again. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort());
}

const print = (text: string) => process.stderr.write(`${text}\n`);

async function fetchAll({ models }: Config): Promise<void> {
  try {
    const fetched = await fetchModels(models, showDownload(process.stderr), stopping.signal);
    const done = fetched.length > 0 ? `${fetched.length} files fetched` : 'Nothing is missing';
    print(`${done}: the models are in ${models.modelsDir}`);
  } catch (error) {
    process.exitCode = 1;
    if (stopping.signal.aborted) {
      print('Stopped. Run it again to go on where it was.');
      return;
    }
    print(error instanceof Error ? error.message : String(error));
    print(offlineNotice(await missingModels(models.modelsDir, models), models.modelsDir));
  }
}

try {
  await fetchAll(loadConfig(process.env));
} catch (error) {
  process.exitCode = 1;
  print(error instanceof Error && 'code' in error ? error.message : String(error));
}
