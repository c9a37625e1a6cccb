import { UNCLEAR } from './caller-turn.ts';
import { END_CUES } from './end-cues.ts';
import { digitsIn, isNumber, phraseOf, wordsOf } from './phrase.ts';
import type { Expectation } from './ports.ts';

/** Log-odds of words that nothing speaks for or against: 0.8, and 0.52 for a fragment. */
const PLAIN = 1.4;
const FRAGMENTARY = -1.3;
const NOTHING_SAID = 0.5;
const NUMBER_BEGUN = 0.1;
/** What was not understood is more often broken off than whole. */
const NOT_UNDERSTOOD = 0.2;
/** Short, and whole all the same. */
const ANSWER =
  /\b(?:yes|yeah|yep|no|nope|okay|ok|sure|right|correct|exactly|please|thanks|thank|hi|hello|hey|bye|goodbye|sorry|stop|wait|help|today|tomorrow|nothing|fine|good|great|never|what|why|who|where|when|how|(?:think|hope|guess|believe) (?:so|not))\b/;
const BARE_ANSWER = /^(?:yes|yeah|yep|no|nope|please|thanks|thank|you|very|much)$/;
const FRAGMENT = 3;
const FEWEST_DIGITS = 10;

/** Probability (0 to 1) that these words, as recognised so far, are all the caller wants to say. */
export function completeByWords(text: string, expectation: Expectation): number {
  const phrase = phraseOf(text, expectation.topic);
  if (phrase.words.length === 0) return NOTHING_SAID;
  if (text.endsWith(UNCLEAR)) return NOT_UNDERSTOOD;
  if (expectation.patient === true && isDictating(phrase.words, expectation.topic))
    return NUMBER_BEGUN;
  let odds = isFragment(text, expectation) ? PLAIN + FRAGMENTARY : PLAIN;
  for (const cue of END_CUES) if (cue.holds(phrase)) odds += cue.weight;
  return 1 / (1 + Math.exp(-odds));
}

/** A few words that answer nothing: a whole turn more often asks or tells something. */
export function isFragment(text: string, { topic }: Expectation): boolean {
  const words = wordsOf(text);
  return words.length <= FRAGMENT && topic === 'anything' && !ANSWER.test(words.join(' '));
}

/** "Yes", "no, thank you" and no more: "that's right" may follow, or "goodbye", or "but". */
export function isBareAnswer(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every((word) => BARE_ANSWER.test(word));
}

/** Nothing but numbers: more of them may follow. */
export function isCounting(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every(isNumber);
}

/** Has begun a number and not reached the length of a telephone number. */
function isDictating(words: readonly string[], topic: string): boolean {
  const digits = digitsIn(words);
  if (digits === 0 || digits >= FEWEST_DIGITS) return false;
  // Reasons may hold a number as well: "I'd like to come at nine".
  return topic.includes('number') || digits * 2 >= words.length;
}
