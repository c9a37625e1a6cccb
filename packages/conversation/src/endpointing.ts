import { completeByWords } from './complete-by-words.ts';
import type { Expectation } from './ports.ts';
import { pauseLimits, type VadConfig } from './vad-config.ts';

/** How far the sound is believed beside the words: over the telephone it errs more than they do. */
const SOUND_WEIGHT = 0.3;

/** Probability (0 to 1) that the caller's turn is complete, by its words and its sound. */
export function completeness(
  text: string,
  completeBySound: number | null,
  expectation: Expectation,
): number {
  const words = completeByWords(text, expectation);
  if (completeBySound === null) return words;
  return words * (1 - SOUND_WEIGHT) + completeBySound * SOUND_WEIGHT;
}

/** The pause that ends a turn of this completeness, within the limits that `vad` sets. */
export function patience(complete: number, vad: VadConfig): number {
  const { shortestMs, longestMs } = pauseLimits(vad);
  const doubt = Math.min(1, Math.max(0, (0.75 - complete) / 0.6));
  return shortestMs + (longestMs - shortestMs) * doubt;
}
