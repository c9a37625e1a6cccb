import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { completeness, DEFAULT_VAD, type Evidence, patience } from '@earshot/conversation';
import { type Figure, figure } from './figure.ts';

const TIMERS_MS = [300, 500, 700, 1000];
const PAUSES_MS = [500, 800, 1000];
/** Labels between are utterances that may or may not be whole. */
const WHOLE = 0.9;
const BEGUN = 0.31;

interface Utterance {
  readonly text: string;
  readonly whole: boolean;
}

interface Judged extends Utterance {
  readonly complete: number;
  /** The pause that would end the turn after these words alone. */
  readonly waitMs: number;
}

/** How well the words alone tell whole utterances from begun ones, and what that is worth in waiting. */
export function labelledWords(file: string): Figure[] {
  const judged = heldOut(file).map(judge);
  const [whole, begun] = [judged.filter((u) => u.whole), judged.filter((u) => !u.whole)];
  const right = judged.filter((u) => u.complete >= 0.5 === u.whole);
  const waitMs = whole.reduce((sum, u) => sum + u.waitMs, 0) / whole.length;
  const cutOff = PAUSES_MS.map((pauseMs) => {
    const share = begun.filter((u) => u.waitMs < pauseMs).length / begun.length;
    const theirs = TIMERS_MS.map((timerMs) => (timerMs < pauseMs ? 100 : 0));
    return besideTimers(`cut_off_at_pause_${pauseMs}`, share * 100, '%', theirs);
  });
  return [
    figure('end_of_turn.auc', areaUnderCurve(whole, begun), `of ${judged.length} utterances`),
    figure('end_of_turn.accuracy', (right.length / judged.length) * 100, '%'),
    besideTimers('wait_ms', waitMs, 'ms', TIMERS_MS),
    ...cutOff,
  ];
}

/** The half that no weight was tuned on, each text once. */
function heldOut(file: string): Utterance[] {
  const labels = new Map<string, number[]>();
  for (const { prompt, response } of JSON.parse(readFileSync(file, 'utf8'))) {
    const text = prompt.trim();
    labels.set(text, [...(labels.get(text) ?? []), response.eou_probability]);
  }
  return [...labels]
    .filter(([text]) => (createHash('sha256').update(text).digest().at(0) ?? 0) % 2 === 1)
    .map(([text, of]) => ({ text, label: of.reduce((sum, label) => sum + label, 0) / of.length }))
    .filter(({ label }) => label >= WHOLE || label <= BEGUN)
    .map(({ text, label }) => ({ text, whole: label >= WHOLE }));
}

function judge(utterance: Utterance): Judged {
  const evidence: Evidence = {
    text: utterance.text,
    completeBySound: null,
    soundPending: false,
    expectation: { topic: 'anything' },
    habitMs: 0,
  };
  const waitMs = patience(evidence, DEFAULT_VAD);
  return { ...utterance, complete: completeness(evidence), waitMs };
}

/** Probability that a whole utterance is judged more complete than a begun one. */
function areaUnderCurve(whole: readonly Judged[], begun: readonly Judged[]): number {
  let wins = 0;
  for (const { complete } of whole)
    for (const other of begun) {
      if (complete > other.complete) wins += 1;
      if (complete === other.complete) wins += 0.5;
    }
  return wins / (whole.length * begun.length);
}

function besideTimers(
  what: string,
  value: number,
  unit: string,
  theirs: readonly number[],
): Figure {
  const against = `silence for ${TIMERS_MS.join('/')} ms: ${theirs.join('/')}`;
  return { ...figure(`end_of_turn.words.${what}`, value, unit), against };
}
