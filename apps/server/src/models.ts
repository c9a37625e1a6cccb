import process from 'node:process';
import { parseArgs } from 'node:util';
import { fetchModels, missingModels, offlineNotice } from '@earshot/local';
import { stopSignal } from '@earshot/process';
import { type Config, loadConfig } from './config.ts';
import { failureOf } from './process-failure.ts';
import { showDownload } from './screen.ts';

/** `npm run models`: fetches what is missing, and can be stopped and started again. */
const stopping = stopSignal();

const HELP = `npm run models: fetches what is missing of Whisper, a Piper voice and espeak-ng's English.

  MODELS_DIR      where they lie (default ./models)
  WHISPER_MODEL   tiny.en, base.en, small.en, … (default tiny.en)
  PIPER_VOICE     an English voice of rhasspy/piper-voices (default en_US-lessac-medium)
  MODELS_URL      a mirror laid out as MODELS_DIR is; default: the publishers' repositories on
                  huggingface.co
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY are heeded.

It can be stopped and started again: what has arrived is kept. A file is checked against the digest
that is published for it, and against the one it had when it was first fetched, which is kept in
MODELS_DIR/models.lock.json.`;

const print = (text: string) => process.stderr.write(`${text}\n`);

async function fetchAll({ models }: Config): Promise<void> {
  try {
    const fetched = await fetchModels(models, showDownload(process.stderr), stopping);
    const done = fetched.length > 0 ? `${fetched.length} files fetched` : 'Nothing is missing';
    print(`${done}: the models are in ${models.modelsDir}`);
  } catch (error) {
    process.exitCode = 1;
    if (stopping.aborted) {
      print('Stopped. Run it again to go on where it was.');
      return;
    }
    print(error instanceof Error ? error.message : String(error));
    print(offlineNotice(await missingModels(models.modelsDir, models), models.modelsDir));
  }
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) process.stdout.write(`${HELP}\n`);
  else await fetchAll(loadConfig(process.env));
} catch (error) {
  const { text, exitCode } = failureOf(error);
  print(text);
  process.exitCode = exitCode;
}
