import { FIRST_NAMES, LAST_NAMES } from './common-names.ts';
import { spokenWords } from './spoken-words.ts';

const MAX_NAME_WORDS = 4;
const COMMON = new Set([...FIRST_NAMES, ...LAST_NAMES]);
const INTRODUCED =
  /\b(?:my name is|my names|the name is|name is|names|this is|i am called|can call me(?! back| at| on| when| later)|it is under)\s+(.+)$/;
// Said before or after a name, never part of one.
const FILLERS = new Set(
  'um uh er erm ah well so okay yes no hi hello hey sure of course please thanks thank you it is its i am the a actually sorry right that would be just speaking here again first last name spelled and'.split(
    ' ',
  ),
);
// A name ends where one of these begins.
const STOP =
  /\b(?:and my|and i|and the|and you|my number|my phone|number|phone|you can|please|calling|i am|i would|i have|i need|i want|from|about|with|but|because|reach|at|could|can|tell|running|speaking|zero|oh|then|on|at|today|tomorrow|tonight|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|noon|one|two|three|four|five|six|seven|eight|nine|double|triple|\d+)\b.*$/;
const NOT_NAMES = new Set(
  'what when where who how why which can could do does is are was would have has want need like get it this that there here not know mean they we he she me him her them up out in on to for if or just only very really wrong right correct nothing nobody none question message appointment hours hour price prices open closed help speak talk call late sick running question sure never mind morning afternoon evening cost much many address today tomorrow something anything someone about cleaning yes no'.split(
    ' ',
  ),
);

/** The name after an introduction such as 'this is'; null without one. */
export function introducedName(text: string): string | null {
  const match = INTRODUCED.exec(spokenWords(text).join(' '));
  return match?.[1] === undefined ? null : asWritten(nameIn(match[1].split(' ')), text);
}

/** The name in an answer to 'who is calling?'; null when the words are no name. */
export function answeredName(text: string): string | null {
  return introducedName(text) ?? asWritten(nameIn(spokenWords(text)), text);
}

/** A name where something else was asked: introduced as one, made of common
 * names, or written as one. */
export function evidentName(text: string): string | null {
  const introduced = introducedName(text);
  if (introduced !== null) return introduced;
  const words = spokenWords(text).filter((word) => !FILLERS.has(word));
  const written = text.match(/[\p{L}'’]+/gu) ?? [];
  const areCapital = written.length > 1 && written.every((word) => /^\p{Lu}/u.test(word));
  return areCapital || words.every((word) => COMMON.has(word)) ? answeredName(text) : null;
}

function nameIn(words: readonly string[]): string | null {
  const start = words.findIndex((word) => !FILLERS.has(word));
  if (start < 0) return null;
  const rest = words.slice(start).join(' ').replace(STOP, '').trim().split(' ');
  const named = spelledOut(rest).filter((word) => word !== '' && !FILLERS.has(word));
  const isName =
    named.length > 0 &&
    named.length <= MAX_NAME_WORDS &&
    named.every((word) => /^[\p{L}'-]+$/u.test(word) && !NOT_NAMES.has(word));
  return isName ? named.map(capitalize).join(' ') : null;
}

/** 'miller m i l l e r' is 'miller': a spelled word replaces the one that it spells. */
function spelledOut(words: readonly string[]): readonly string[] {
  const from = words.findIndex((_, i) => words.slice(i, i + 3).filter(isLetter).length === 3);
  if (from < 0) return words;
  const length = words.slice(from).findIndex((word) => !isLetter(word));
  const spelled = words.slice(from, length < 0 ? undefined : from + length).join('');
  const before = words.slice(0, from).filter((word) => !FILLERS.has(word));
  const repeated = before.at(-1)?.[0] === spelled[0];
  return [...(repeated ? before.slice(0, -1) : before), spelled];
}

/** 'Mcdonald' is 'McDonald' again where the recognizer wrote it so. */
function asWritten(name: string | null, text: string): string | null {
  const written = text.match(/[\p{L}\p{M}'’]+/gu) ?? [];
  const byWord = new Map(written.map((word) => [spokenWords(word).join(' '), word] as const));
  const restore = (word: string) => {
    const same = byWord.get(spokenWords(word).join(' '));
    return same !== undefined && /^\p{Lu}.*\p{Ll}/u.test(same) ? same : word;
  };
  return name === null ? null : name.split(' ').map(restore).join(' ');
}

function isLetter(word: string): boolean {
  return /^\p{L}$/u.test(word);
}

function capitalize(word: string): string {
  return word.replace(
    /(^|['-])(\p{L})/gu,
    (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`,
  );
}
