import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { PiperVoice } from './piper-synthesizer.ts';
import type { WhisperModel } from './whisper-recognizer.ts';

const WHISPER = 'whisper-';
const PIPER = 'piper-';

/**
 * A Whisper model in `modelsDir/whisper-<name>/`, as sherpa-onnx names its files; the smaller int8
 * ones where there are both. The wanted one if it is there, else any that is; null for none.
 */
export function findWhisper(modelsDir: string, wanted: string): WhisperModel | null {
  return firstOf(modelsDir, WHISPER, wanted, whisperIn);
}

/** A Piper voice in `modelsDir/piper-<name>/`, with espeak-ng's data in `modelsDir/espeak-ng-data/`. */
export function findPiper(modelsDir: string, wanted: string): PiperVoice | null {
  const espeakData = path.join(modelsDir, 'espeak-ng-data');
  if (!existsSync(path.join(espeakData, 'phontab'))) return null;
  return firstOf(modelsDir, PIPER, wanted, (folder, name) => {
    const model = present(folder, `${name}.onnx`);
    return model && present(folder, `${name}.onnx.json`) ? { name, model, espeakData } : null;
  });
}

function whisperIn(folder: string, name: string): WhisperModel | null {
  const part = (what: string) =>
    present(folder, `${name}-${what}.int8.onnx`) ?? present(folder, `${name}-${what}.onnx`);
  const [encoder, decoder] = [part('encoder'), part('decoder')];
  const tokens = present(folder, `${name}-tokens.txt`);
  return encoder && decoder && tokens ? { name, encoder, decoder, tokens } : null;
}

function firstOf<T>(
  modelsDir: string,
  prefix: string,
  wanted: string,
  find: (folder: string, name: string) => T | null,
): T | null {
  const others = folders(modelsDir, prefix).filter((name) => name !== wanted);
  for (const name of [wanted, ...others]) {
    const found = find(path.join(modelsDir, `${prefix}${name}`), name);
    if (found) return found;
  }
  return null;
}

/** What follows the prefix in the names of folders, in alphabetical order. */
function folders(modelsDir: string, prefix: string): string[] {
  if (!existsSync(modelsDir)) return [];
  return readdirSync(modelsDir)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .sort();
}

function present(folder: string, file: string): string | null {
  const found = path.join(folder, file);
  return existsSync(found) ? found : null;
}
