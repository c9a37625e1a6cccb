import { fetchModels, findPiper, findWhisper, missingModels, offlineNotice } from '@earshot/local';
import type { Config } from './config.ts';
import { type Screen, showDownload } from './screen.ts';

/** Without a byte for so long there is no network, and the server starts with what it has. */
const PATIENCE_MS = 5_000;
const BACK_OFF_MS = 250;

/**
 * On the first start, fetches the models that are wanted and of which there are none at all. Where
 * they cannot be had, says in one line what is missing and where it belongs, and goes on without.
 */
export async function fetchFirstModels(
  { engines, models }: Pick<Config, 'engines' | 'models'>,
  screen: Screen,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  if (!models.download || !isInWant(engines)) return;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patienceMs);
  const show = showDownload(screen);
  try {
    screen.write(`Fetching models into ${models.modelsDir}, once.\n`);
    const until = AbortSignal.any([signal, silence.signal]);
    const options = { ...models, backOffMs: BACK_OFF_MS };
    await fetchModels(
      options,
      (event) => {
        if (event.type === 'received') timer.refresh();
        show(event);
      },
      until,
    );
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error && !silence.signal.aborted ? error.message : 'no answer';
    screen.write(`${await notice(models)} (${why})\n`);
  } finally {
    clearTimeout(timer);
  }
}

async function notice(models: Config['models']): Promise<string> {
  try {
    return offlineNotice(await missingModels(models.modelsDir, models), models.modelsDir);
  } catch {
    // What is only ever put in place by hand is not looked for among what is fetched either.
    return 'The wanted models cannot be fetched; going on with what there is.';
  }
}

/** An engine would be used if there were any model for it. */
function isInWant(engines: Config['engines']): boolean {
  const { modelsDir, whisperModel = '', piperVoice = '' } = engines;
  const { recognizer = 'auto', synthesizer = 'auto' } = engines;
  const served = engines.openAiSpeech ?? engines.whisperCpp;
  const hears = recognizer === 'whisper' || (recognizer === 'auto' && !served);
  const speaks = synthesizer === 'piper' || (synthesizer === 'auto' && !engines.piperHttp);
  const [whisper, piper] = [findWhisper(modelsDir, whisperModel), findPiper(modelsDir, piperVoice)];
  return (hears && !whisper) || (speaks && !piper);
}
