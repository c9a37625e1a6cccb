import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, decodeMulaw, encodeMulaw, Resampler } from '@earshot/audio';

/** Real models and human speech lie outside the repository; tests that need them say what is missing. */
const shared = fileURLToPath(new URL('../../../../../shared', import.meta.url));

const { MODELS_DIR = path.join(shared, 'models') } = env;
export const modelsDir = path.resolve(MODELS_DIR);
const speechDir = path.join(shared, 'speech');

/** Names what is not there, or null. */
export function missing(...paths: string[]): string | null {
  const absent = paths.filter((file) => !existsSync(file));
  return absent.length === 0 ? null : `not here: ${absent.join(', ')}`;
}

export const whisperTiny = {
  name: 'tiny.en',
  encoder: path.join(modelsDir, 'whisper-tiny.en/tiny.en-encoder.int8.onnx'),
  decoder: path.join(modelsDir, 'whisper-tiny.en/tiny.en-decoder.int8.onnx'),
  tokens: path.join(modelsDir, 'whisper-tiny.en/tiny.en-tokens.txt'),
};

export const piperJoe = {
  name: 'en_US-joe-medium',
  model: path.join(modelsDir, 'piper-en_US-joe-medium/en_US-joe-medium.onnx'),
  espeakData: path.join(modelsDir, 'espeak-ng-data'),
};

export const transcripts = path.join(speechDir, 'transcripts.json');

export interface Recording {
  readonly file: string;
  readonly text: string;
}

export function recordings(): readonly Recording[] {
  return JSON.parse(readFileSync(transcripts, 'utf8')).files;
}

/** 16-bit mono WAV files with their data in one piece. */
export function readRecording(file: string): AudioFrame {
  const bytes = readFileSync(path.join(speechDir, file));
  const sampleRate = bytes.readUInt32LE(24);
  const start = bytes.indexOf('data', 12, 'latin1') + 8;
  const length = Math.min(bytes.readUInt32LE(start - 4), bytes.length - start);
  const samples = Int16Array.from({ length: length >> 1 }, (_, i) =>
    bytes.readInt16LE(start + 2 * i),
  );
  return { samples, sampleRate };
}

export function resampled({ samples, sampleRate }: AudioFrame, to: number): AudioFrame {
  const resampler = new Resampler(sampleRate, to);
  const [most, rest] = [resampler.process(samples), resampler.flush()];
  return { samples: Int16Array.from([...most, ...rest]), sampleRate: to };
}

/** What a telephone line leaves of it: 8 kHz, µ-law. */
export function telephone(frame: AudioFrame): AudioFrame {
  const { samples, sampleRate } = resampled(frame, 8000);
  return { samples: decodeMulaw(encodeMulaw(samples)), sampleRate };
}

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}

export function joined(frames: readonly AudioFrame[]): AudioFrame {
  const samples = Int16Array.from(frames.flatMap((frame) => [...frame.samples]));
  return { samples, sampleRate: frames[0]?.sampleRate ?? 8000 };
}

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
  return words.map((word) => NUMBERS[/^\d+$/.test(word) ? Number(word) : -1] ?? word);
}

/** Words inserted, missing or wrong, and the words there should be. */
export function wordErrors(said: string, heard: string): { errors: number; words: number } {
  const [a, b] = [wordsOf(said), wordsOf(heard)];
  let row = [0, ...b.map((_, j) => j + 1)];
  a.forEach((word, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      const changed = (row[j] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, changed));
    });
    row = next;
  });
  return { errors: row.at(-1) ?? 0, words: a.length };
}
