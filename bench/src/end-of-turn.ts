import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findWhisper } from '@earshot/local';
import { beside, type Figure, figure } from './figure.ts';
import { labelledWords } from './labelled-words.ts';
import type { Section } from './section.ts';
import type { StagedCall } from './staged-call.ts';
import { stageCalls, TIMER_MS } from './staged-calls.ts';

const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
const TIMER = `silence for ${TIMER_MS} ms`;

/** When the caller has finished: by the words alone, and in calls with real engines in virtual time. */
export const endOfTurn: Section = async (options, signal) => {
  const { note } = options;
  const { SPEECH_DIR = join(SHARED, 'speech'), MODELS_DIR = join(SHARED, 'models') } = process.env;
  const labels = join(SPEECH_DIR, 'turnsense-eou/dataset.json');
  const transcripts = join(SPEECH_DIR, 'transcripts.json');
  const whisper = findWhisper(MODELS_DIR, 'tiny.en');
  const figures: Figure[] = [];
  if (existsSync(labels)) figures.push(...labelledWords(labels));
  else note(`not here: ${labels}: words are not judged`);
  if (!existsSync(transcripts)) note(`not here: ${transcripts}: no calls`);
  else if (!whisper) note(`no Whisper model in ${MODELS_DIR}: no calls`);
  else figures.push(...(await calls(SPEECH_DIR, whisper, options, signal)));
  return figures;
};

async function calls(...options: Parameters<typeof stageCalls>): Promise<Figure[]> {
  const { ours, timer } = await stageCalls(...options);
  const [, , { note }] = options;
  for (const { recording, gapMs, cutOff } of ours.asked)
    note(`${recording}: answered after ${gapMs} ms${cutOff ? ', cut off before' : ''}`);
  for (const { recording, bargeInMs } of ours.overSpoken)
    note(`${recording}: took the floor in ${bargeInMs} ms`);
  return [
    ...percentiles('gap_ms', ours.asked, timer.asked, ({ gapMs }) => gapMs),
    ...counts('cut_off', ours.asked, timer.asked, ({ cutOff }) => cutOff),
    ...counts('unanswered', ours.asked, timer.asked, ({ gapMs }) => gapMs === null),
    ...percentiles('barge_in_ms', ours.overSpoken, timer.overSpoken, ({ bargeInMs }) => bargeInMs),
    ...counts('no_barge_in', ours.overSpoken, timer.overSpoken, (call) => call.bargeInMs === null),
  ];
}

type Calls = readonly StagedCall[];

function percentiles(
  what: string,
  ours: Calls,
  timer: Calls,
  of: (call: StagedCall) => number | null,
): Figure[] {
  const known = (calls: Calls) => calls.map(of).filter((ms) => ms !== null);
  return [50, 95].flatMap((p) => {
    const [value, other] = [percentile(known(ours), p), percentile(known(timer), p)];
    const name = `end_of_turn.${what}.p${p}`;
    if (value === null) return [];
    return other === null ? [figure(name, value, 'ms')] : [beside(name, value, 'ms', TIMER, other)];
  });
}

function counts(
  what: string,
  ours: Calls,
  timer: Calls,
  holds: (call: StagedCall) => boolean,
): Figure[] {
  const [value, other] = [ours.filter(holds).length, timer.filter(holds).length];
  const counted = figure(`end_of_turn.${what}`, value, `of ${ours.length} calls`);
  return [{ ...counted, against: `${TIMER}: ${other}` }];
}

/** The smallest value that so many percent do not exceed; null of none. */
function percentile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? null;
}
