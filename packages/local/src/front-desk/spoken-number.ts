/** Telephone numbers as people dictate them, and as they are read back. */

const DIGITS: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
};

const TENS: Readonly<Record<string, string>> = {
  twenty: '2',
  thirty: '3',
  forty: '4',
  fifty: '5',
  sixty: '6',
  seventy: '7',
  eighty: '8',
  ninety: '9',
};

const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };
// Recognizers write these for digits, but only between digits can they be meant so.
const SOUNDS_LIKE: Readonly<Record<string, string>> = {
  to: '2',
  too: '2',
  for: '4',
  won: '1',
  ate: '8',
};
const TWO_DIGIT_CODES = /^(?:2[07]|3[0-4]|3[69]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const ZEROS: Readonly<Record<string, string>> = { hundred: '00', thousand: '000' };

/** Shortest number that can be called back, without an area code; the longest of ITU-T E.164. */
export const MIN_NUMBER_DIGITS = 7;
export const MAX_NUMBER_DIGITS = 15;

/** All digits in the words, in order, with '+' in front where it was said; '' when there are none. */
export function spokenDigits(words: readonly string[]): string {
  let digits = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1] ?? '';
    const times = lookUp(TIMES, word);
    if (times !== undefined && digitsOf(next).length === 1) {
      digits += digitsOf(next).repeat(times);
      i++;
      continue;
    }
    digits += lookUp(ZEROS, word) && endsInDigit(words, i) ? (lookUp(ZEROS, word) ?? '') : '';
    digits += betweenDigits(words, i) ? (lookUp(SOUNDS_LIKE, word) ?? '') : '';
    digits += lookUp(TENS, word) !== undefined ? tens(word, next) : digitsOf(word);
  }
  return words.includes('plus') && digits !== '' ? `+${digits}` : digits;
}

/** How many of the words are digits: tells a dictated number from a sentence with a number in it. */
export function countDigitWords(words: readonly string[]): number {
  return words.filter(
    (word) =>
      digitsOf(word) !== '' || [TENS, TIMES, ZEROS].some((table) => Object.hasOwn(table, word)),
  ).length;
}

/**
 * '5 5 5, 1 2 3, 4 5 6 7': one digit after another, with a breath between the groups; after a plus
 * the country's code is the first of them.
 */
export function readBackNumber(number: string): string {
  const digits = number.replace(/\D/g, '');
  const code = number.startsWith('+') ? countryCode(digits) : '';
  const groups = groupSizes(digits.length - code.length).reduce<{ at: number; said: string[] }>(
    ({ at, said }, size) => ({
      at: at + size,
      said: [...said, [...digits.slice(at, at + size)].join(' ')],
    }),
    { at: code.length, said: code === '' ? [] : [[...code].join(' ')] },
  );
  return (number.startsWith('+') ? 'plus ' : '') + groups.said.join(', ');
}

/** ITU-T E.164 gives codes of one digit to two zones and of two to the larger countries. */
function countryCode(digits: string): string {
  const length = /^[17]/.test(digits) ? 1 : TWO_DIGIT_CODES.test(digits) ? 2 : 3;
  return digits.length > length ? digits.slice(0, length) : '';
}

function groupSizes(length: number): readonly number[] {
  if (length === 7) return [3, 4];
  if (length === 10) return [3, 3, 4];
  if (length === 11) return [1, 3, 3, 4];
  const sizes: number[] = [];
  for (let left = length; left > 0; left -= 3) {
    if (left === 4) return [...sizes, 4];
    sizes.push(Math.min(3, left));
  }
  return sizes;
}

function digitsOf(word: string): string {
  return /^\d+$/.test(word) ? word : (lookUp(DIGITS, word) ?? '');
}

function tens(word: string, next: string): string {
  const unit = lookUp(DIGITS, next);
  return `${lookUp(TENS, word) ?? ''}${unit?.length === 1 && unit !== '0' ? '' : '0'}`;
}

function endsInDigit(words: readonly string[], at: number): boolean {
  return digitsOf(words[at - 1] ?? '') !== '';
}

function betweenDigits(words: readonly string[], at: number): boolean {
  return endsInDigit(words, at) && countDigitWords([words[at + 1] ?? '']) > 0;
}

// Object.hasOwn, since callers can say 'constructor'.
function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
