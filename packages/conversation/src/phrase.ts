import { LEADS, QUESTION_VERBS, QUESTION_WORDS } from './word-classes.ts';

/** What was said so far, taken apart. Words are lower case and without apostrophes. */
export interface Phrase {
  /** As recognised, trimmed. */
  readonly text: string;
  readonly words: readonly string[];
  /** The words without what leads up to the sentence: "okay so", "well", "hi". */
  readonly body: readonly string[];
  readonly last: string;
  /** The word before the last, and the one before that; '' where there is none. */
  readonly previous: string;
  readonly third: string;
  /** Asks something, by the order of its words. */
  readonly asks: boolean;
  /** Name of the dialogue's state, see `Expectation`. */
  readonly topic: string;
}

const NUMBER =
  /^(?:\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|double|triple)$/;

export function phraseOf(recognised: string, topic: string): Phrase {
  const text = recognised.trim();
  const words = wordsOf(text);
  const start = words.findIndex((word) => !LEADS.has(word));
  const body = words.slice(Math.max(0, start));
  const [last = '', previous = '', third = ''] = words.toReversed();
  // "And so do I" has the order of a question.
  const asks = isQuestion(body) && !/^and so\b/.test(words.join(' '));
  return { text, words, body, last, previous, third, asks, topic };
}

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

export function isNumber(word: string): boolean {
  return NUMBER.test(word);
}

/** Digits said, about: "555", "five five five" and "double five five" have three. */
export function digitsIn(words: readonly string[]): number {
  const digits = words.filter(isNumber).map((word) => {
    if (/^\d+$/.test(word)) return word.length;
    return word === 'triple' ? 2 : 1;
  });
  return digits.reduce((sum, count) => sum + count, 0);
}

function isQuestion([first = '', second = '']: readonly string[]): boolean {
  if (first === 'when') return QUESTION_VERBS.has(second);
  return QUESTION_WORDS.has(first) || QUESTION_VERBS.has(first);
}
