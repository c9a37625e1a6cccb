import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findPiper, findWhisper } from '@earshot/local';
import type { Recording } from './recording.ts';
import type { BenchOptions } from './section.ts';
import { recordings } from './staged-calls.ts';
import { readUtterables, writeUtterables } from './turn-audio.ts';
import { murmurs } from './turn-murmurs.ts';
import { proportionalWords, whisperedWords } from './turn-words.ts';

const KEPT = fileURLToPath(new URL('../../out/bench', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));

/** What there is to measure turns with. Paths. */
export interface TurnSetting {
  readonly audio: string;
  readonly murmurs: string;
  /** `WordsByName` of both. */
  readonly words: string;
  /** Null where Whisper or Piper is missing. */
  readonly models: string | null;
}

/** Prepares what callers say and what is recognised in it. Null without recordings, which it notes. */
export async function turnSetting(
  { pipecat, note }: BenchOptions,
  signal: AbortSignal,
): Promise<TurnSetting | null> {
  const { SPEECH_DIR = join(SHARED, 'speech'), MODELS_DIR = join(SHARED, 'models') } = process.env;
  mkdirSync(KEPT, { recursive: true });
  const transcripts = join(SPEECH_DIR, 'transcripts.json');
  const audio = pipecat ? join(pipecat, 'audio') : join(KEPT, 'utterances');
  if (!pipecat && !existsSync(transcripts)) {
    note(`skipped: turns: there are no recordings: ${transcripts}`);
    return null;
  }
  if (!pipecat) writeUtterables(audio, recordings(SPEECH_DIR, [0]).map(plainlyNamed));
  const murmured = join(KEPT, 'murmurs');
  writeUtterables(murmured, await murmurs(signal));
  const words = join(KEPT, 'turn-words.json');
  const all = [audio, murmured].flatMap(readUtterables);
  const whisper = findWhisper(MODELS_DIR, 'tiny.en');
  note(whisper ? 'listening to the recordings beforehand' : noWhisper(MODELS_DIR));
  const known = whisper
    ? await whisperedWords(all, whisper, join(KEPT, 'whispered-words.json'), signal)
    : proportionalWords(all, existsSync(transcripts) ? readTranscripts(transcripts) : {});
  writeFileSync(words, JSON.stringify(known));
  const models = whisper && findPiper(MODELS_DIR, '') ? MODELS_DIR : null;
  if (!models) note(`skipped: real engines: ${MODELS_DIR} lacks a Whisper model or a Piper voice`);
  return { audio, murmurs: murmured, words, models };
}

/** By the name of the file alone. */
function plainlyNamed(recording: Recording): Recording {
  return { ...recording, name: recording.name.replace(/\.wav.*$/, '') };
}

function noWhisper(folder: string): string {
  return `no Whisper model in ${folder}: words are those of the transcripts, cut in proportion to time`;
}

function readTranscripts(file: string): Record<string, string> {
  const { files }: { files: { file: string; text: string }[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return Object.fromEntries(
    files.map(({ file: name, text }) => [name.replace(/\.wav$/, ''), text]),
  );
}
