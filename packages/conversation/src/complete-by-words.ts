import type { Expectation } from './ports.ts';

/** Words that something must follow, or that fill a pause while the speaker looks for the next one. */
const TRAILING = new Set(
  'a an the and or but so because if when while that which who whose than as of to in on at by for from with about into over under between my your his our their its this these those is are was were am i we they he she not very really just um uh er erm hmm like also then maybe can could will would should might must do does did have has had be been'.split(
    ' ',
  ),
);
/** Words with which a preamble begins: more than a few words follow them. */
const OPENING = new Set(['and', 'so', 'but', 'well', 'because']);
const SHORT_OPENING = 6;
/** Short, and whole all the same. */
const ANSWER =
  /\b(?:yes|yeah|yep|no|nope|okay|ok|sure|right|correct|exactly|please|thanks|thank|hi|hello|hey|bye|goodbye|sorry|stop|wait|help|today|tomorrow|nothing|fine|good|great|never|what|why|who|where|when|how)\b/;
const FRAGMENT = 3;
const NUMBER =
  /^(?:\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|hundred)$/;
const FEWEST_DIGITS = 10;

/** Probability (0 to 1) that these words, as recognised so far, are all the caller wants to say. */
export function completeByWords(text: string, expectation: Expectation): number {
  const trimmed = text.trim();
  const words = wordsOf(trimmed);
  const last = words.at(-1);
  if (last === undefined) return 0.5;
  const digits = words.filter((word) => NUMBER.test(word)).join('').length;
  if (expectation.patient === true && digits > 0 && digits < FEWEST_DIGITS) return 0.1;
  if (/(?:,|…|\.\.\.|-)$/.test(trimmed)) return 0.15;
  if (/\?$/.test(trimmed)) return 0.95;
  if (TRAILING.has(last)) return 0.15;
  if (OPENING.has(words[0] ?? '') && words.length > 1 && words.length <= SHORT_OPENING) return 0.1;
  return isFragment(text, expectation) ? 0.55 : 0.8;
}

/** A few words that answer nothing: a whole turn more often asks or tells something. */
export function isFragment(text: string, { topic }: Expectation): boolean {
  const words = wordsOf(text);
  return words.length <= FRAGMENT && topic === 'anything' && !ANSWER.test(words.join(' '));
}

/** Nothing but numbers: more of them may follow. */
export function isCounting(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every((word) => NUMBER.test(word));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
}
