import type { Expectation } from './ports.ts';

const TRAILING = new Set(
  'a an the and or but so because if when while that which who whose than as of to in on at by for from with about into over under between my your his her our their its this these those is are was were am be been do does did have has had can could will would should may might must i we they he she not very really just um uh er erm hmm like also then maybe'.split(
    ' ',
  ),
);
const DIGIT = /^(?:\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)$/;
const FEWEST_DIGITS = 10;

/** Probability (0 to 1) that these words, as recognised so far, are all the caller wants to say. */
export function completeByWords(text: string, expectation: Expectation): number {
  const trimmed = text.trim();
  const words = trimmed
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const last = words.at(-1);
  if (last === undefined) return 0.5;
  const digits = words.filter((word) => DIGIT.test(word)).join('').length;
  if (expectation.patient === true && digits > 0 && digits < FEWEST_DIGITS) return 0.1;
  if (TRAILING.has(last) || /(?:,|…|\.\.\.|-)$/.test(trimmed)) return 0.15;
  if (/\?$/.test(trimmed)) return 0.95;
  return 0.8;
}
