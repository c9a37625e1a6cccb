import { styleText } from 'node:util';
import type { SpokenTurn } from '../caller/spoken.ts';
import type { CallReport, ReportedTurn } from './call-report.ts';
import { clockTime, shortTime } from './page/clock-time.ts';

interface Entry {
  readonly startMs: number;
  readonly endMs: number;
  readonly line: string;
}

/** Keys that follow each other so soon are of one number. */
const SAME_KEYS_MS = 1_000;
/** A turn may still go on after a pause this long. */
const SETTLED_MS = 1_600;

/** What the caller did that the report's turns do not tell. */
export interface CallerDeeds {
  readonly spoken: readonly SpokenTurn[];
  readonly digits: readonly PressedKey[];
}

interface PressedKey {
  readonly atMs: number;
  readonly digit: string;
}

/** Prints a call's turns and keys as they become final, each once. */
export class LiveTranscript {
  readonly #write: (line: string) => void;
  #printed = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** `report`: the call so far. `nowMs`: how long it has been going, or infinity when it is over. */
  print(report: CallReport, { spoken, digits }: CallerDeeds, nowMs: number): void {
    const entries = [
      ...report.turns.map(turnEntry(report)),
      ...spoken.flatMap(murmurEntry),
      ...keyEntries(digits),
    ].sort((a, b) => a.startMs - b.startMs);
    for (const { endMs, line } of entries.slice(this.#printed)) {
      if (endMs > nowMs - SETTLED_MS) return;
      this.#write(line);
      this.#printed += 1;
    }
  }
}

function turnEntry({ bargeIns }: CallReport): (turn: ReportedTurn) => Entry {
  return (turn) => {
    const { speaker, said, heard, startMs, endMs, gapMs, interrupted } = turn;
    const bargedIn = speaker === 'caller' && bargeIns.find(({ atMs }) => atMs === startMs);
    const words = speaker === 'caller' ? said : heard || said || '(words not told)';
    const notes = [
      bargedIn ? `barge-in, silent after ${shortTime(bargedIn.silentAfterMs)}` : '',
      interrupted ? 'interrupted' : '',
      speaker === 'caller' && heard !== '' && !same(said, heard) ? `understood: ${heard}` : '',
    ].filter(Boolean);
    const note = notes.length > 0 ? styleText('dim', `  [${notes.join('; ')}]`) : '';
    return { startMs, endMs, line: `${start(speaker, startMs, gapMs)}${words}${note}` };
  };
}

function murmurEntry({ kind, said, startMs, endMs }: SpokenTurn): Entry[] {
  if (kind !== 'backchannel') return [];
  const line = `${start('caller', startMs, null)}${styleText('italic', `(${said})`)}`;
  return [{ startMs, endMs, line }];
}

function keyEntries(digits: readonly PressedKey[]): Entry[] {
  const numbers: PressedKey[][] = [];
  for (const key of digits) {
    const number = numbers.at(-1);
    const last = number?.at(-1);
    if (last && key.atMs - last.atMs <= SAME_KEYS_MS) number?.push(key);
    else numbers.push([key]);
  }
  return numbers.map((number) => {
    const startMs = number[0]?.atMs ?? 0;
    const keys = number.map(({ digit }) => digit).join('');
    const line = `${start('caller', startMs, null)}${styleText('italic', `[keys ${keys}]`)}`;
    return { startMs, endMs: number.at(-1)?.atMs ?? startMs, line };
  });
}

function start(speaker: 'caller' | 'agent', startMs: number, gapMs: number | null): string {
  const gap = gapMs === null ? '' : shortTime(gapMs);
  const who = styleText(speaker === 'caller' ? 'blue' : 'green', speaker.padEnd(7));
  return `${styleText('dim', clockTime(startMs).padStart(7))}  ${who} ${styleText('bold', gap.padStart(7))}  `;
}

function same(a: string, b: string): boolean {
  const plain = (words: string): string => words.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain(a) === plain(b);
}
