import type { ModelPart } from './model-files.ts';

/** One line for a machine that cannot fetch: what is missing, where it belongs, what is used instead. */
export function offlineNotice(missing: readonly ModelPart[], modelsDir: string): string {
  const what = missing.map((part) => `${part.what} (${part.folder}/)`).join(', ');
  return `Missing and not to be fetched now: ${what}. Put them into ${modelsDir}, or name a mirror in MODELS_URL; until then ${instead(missing)}.`;
}

function instead(missing: readonly ModelPart[]): string {
  const hears = missing.some((part) => part.folder.startsWith('whisper-'));
  const speaks = missing.some((part) => !part.folder.startsWith('whisper-'));
  const stopgaps = [
    ...(hears ? ['another Whisper model that is there, or else PocketSphinx, hears'] : []),
    ...(speaks ? ['another Piper voice that is there, or else Flite, speaks'] : []),
  ];
  return stopgaps.join(' and ');
}
