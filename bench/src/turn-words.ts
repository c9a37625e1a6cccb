import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type WhisperModel, WhisperRecognizer } from '@earshot/local';
import { audioOf, type Utterable, voicedFrames } from './turn-audio.ts';

/** What is recognised in one utterance, or in a part of it between two frames. */
export interface KnownWords {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly unclear: boolean;
}

/** By the utterance's name. */
export type WordsByName = Readonly<Record<string, readonly KnownWords[]>>;

// In frames of 20 ms: from a pause of 80 ms on, and every 100 ms of its beginning, words may be asked for.
const FIRST_ASKED = 4;
const ASKED_EVERY = 5;
const LAST_ASKED = 24;
/** A turn that is taken for over in such a pause begins again after it. */
const TURN_PAUSE = 8;

/** What Whisper hears in each, at every pause in which it may be asked. Kept in a file. */
export async function whisperedWords(
  utterables: readonly Utterable[],
  model: WhisperModel,
  file: string,
  signal: AbortSignal,
): Promise<WordsByName> {
  const key = digest(utterables, model);
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (kept?.key === key) return kept.words;
  await using whisper = await WhisperRecognizer.open(model, {}, signal);
  const words: Record<string, KnownWords[]> = {};
  for (const one of utterables) {
    words[one.name] = [];
    for (const { from, to } of parts(one)) {
      const utterance = audioOf(one, from, to);
      const heard = await whisper.recognize(utterance, { topic: 'anything' }, signal);
      words[one.name]?.push({ from, to, text: heard.text, unclear: heard.unclear });
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ key, words }, null, 1));
  return words;
}

/** Without Whisper: the transcript, cut in proportion to time. */
export function proportionalWords(
  utterables: readonly Utterable[],
  transcripts: Readonly<Record<string, string>>,
): WordsByName {
  const known = utterables.map((one) => {
    const words = (transcripts[one.name] ?? one.name).split(/\s+/);
    const at = (frame: number) => Math.round((words.length * (frame - one.first)) / voiced(one));
    const text = (from: number, to: number) => words.slice(Math.max(0, at(from)), at(to)).join(' ');
    return [
      one.name,
      parts(one).map(({ from, to }) => ({ from, to, text: text(from, to), unclear: false })),
    ];
  });
  return Object.fromEntries(known);
}

interface Part {
  readonly from: number;
  readonly to: number;
}

function parts(one: Utterable): Part[] {
  const pauses = pausesOf(one);
  const ends = pauses.flatMap(({ from, to }) => asked(from, to));
  const starts = [0, ...pauses.slice(0, -1).filter(isTurnPause).map(middle)];
  return starts.flatMap((from) =>
    ends.filter((to) => to > from + TURN_PAUSE).map((to) => ({ from, to })),
  );
}

/** Stretches without voice after voice, to the end of the utterance and some silence after it. */
function pausesOf(one: Utterable): Part[] {
  const voices = voicedFrames(one)
    .flatMap((on, frame) => (on ? [frame] : []))
    .filter((frame) => frame >= one.first && frame <= one.last);
  const end = one.frames + FIRST_ASKED + ASKED_EVERY;
  return voices
    .map((frame, i) => ({ from: frame + 1, to: voices[i + 1] ?? end }))
    .filter(({ from, to }) => to - from >= FIRST_ASKED);
}

function asked(from: number, to: number): number[] {
  const most = Math.min(to - from, LAST_ASKED);
  const count = Math.floor((most - FIRST_ASKED) / ASKED_EVERY) + 1;
  return Array.from({ length: count }, (_, i) => from + FIRST_ASKED + i * ASKED_EVERY);
}

function isTurnPause({ from, to }: Part): boolean {
  return to - from >= TURN_PAUSE;
}

function middle({ from, to }: Part): number {
  return Math.floor((from + to) / 2);
}

function voiced({ first, last }: Utterable): number {
  return last + 1 - first;
}

function digest(utterables: readonly Utterable[], { name }: WhisperModel): string {
  const hash = createHash('sha256').update(`1 ${name}`);
  for (const one of utterables) hash.update(one.name).update(one.codes);
  return hash.digest('hex');
}
