import { endsInKeys } from './caller-turn.ts';
import { completeByWords, isBareAnswer, isCounting, isFragment } from './complete-by-words.ts';
import { KEYS_MS } from './floor.ts';
import type { Expectation } from './ports.ts';
import { pauseLimits, type VadConfig } from './vad-config.ts';

/** How far the sound is believed beside the words: over the telephone it errs more than they do. */
const SOUND_WEIGHT = 0.3;
/**
 * From this completeness on the shortest pause will do, down to that the longest is needed. A sentence
 * that is whole by its words is enough, unless its sound is flatly against it.
 */
const SURE = 0.565;
const OPEN = 0.38;
/** Shares of the neutral pause, `silenceDurationMs`. */
const COUNTING = 0.8;
const BARE_ANSWER = 0.8;
const UNHEARD = 0.8;
const HABIT_SURE = 0.84;
const HABIT_OPEN = 1.8;
/** A fragment with such a pause within it is the beginning of something longer. */
const HESITATION_MS = 100;
const HESITANT = 0.72;
/** Shorter pauses are between words, and no habit. */
const SHORTEST_HABIT_MS = 300;

/** What speaks for and against the end of the caller's turn. */
export interface Evidence {
  readonly text: string;
  /** Probability that the turn is complete by its sound; null when nobody can tell. */
  readonly completeBySound: number | null;
  /** The sound is still being judged. */
  readonly soundPending: boolean;
  readonly expectation: Expectation;
  /** The longest pause after which this caller went on in this turn. */
  readonly habitMs: number;
}

/** Probability (0 to 1) that the caller's turn is complete, by its words and its sound. */
export function completeness({ text, completeBySound, expectation, habitMs }: Evidence): number {
  const hesitant = habitMs >= HESITATION_MS && isFragment(text, expectation);
  const words = completeByWords(text, expectation) * (hesitant ? HESITANT : 1);
  if (completeBySound === null) return words;
  return words * (1 - SOUND_WEIGHT) + completeBySound * SOUND_WEIGHT;
}

/**
 * The pause in ms that ends the turn, within the limits that `vad` sets. A caller who has just paused
 * in mid-turn is given as long again; one who counts or dictates gets time for the next number. A
 * sound that is still being judged may turn out to be against it, and is waited for where it matters.
 */
export function patience(evidence: Evidence, vad: VadConfig): number {
  const neutralMs = vad.silenceDurationMs;
  const complete = completeness(evidence);
  const pauses = [pauseAfter(complete, vad)];
  if (isBareAnswer(evidence.text)) pauses.push(neutralMs * BARE_ANSWER);
  if (isCounting(evidence.text)) pauses.push(neutralMs * COUNTING);
  // With a cough between them, keys may follow keys.
  if (endsInKeys(evidence.text)) pauses.push(KEYS_MS);
  if (evidence.soundPending) {
    const against = completeness({ ...evidence, completeBySound: 0 });
    pauses.push(Math.min(pauseAfter(against, vad), neutralMs * UNHEARD));
  }
  if (evidence.habitMs >= SHORTEST_HABIT_MS) {
    const sure = complete >= SURE && (evidence.completeBySound ?? 0) >= SURE;
    const mostMs = neutralMs * (sure ? HABIT_SURE : HABIT_OPEN);
    pauses.push(Math.min(evidence.habitMs * 1.05 + 20, mostMs));
  }
  return Math.max(...pauses);
}

function pauseAfter(complete: number, vad: VadConfig): number {
  const { shortestMs, longestMs } = pauseLimits(vad);
  const doubt = Math.min(1, Math.max(0, (SURE - complete) / (SURE - OPEN)));
  return shortestMs + (longestMs - shortestMs) * doubt;
}
