import { MAX_NUMBER_DIGITS, MIN_NUMBER_DIGITS, spokenDigits } from './spoken-number.ts';

const CORRECTIONS = new Set(['no', 'wait', 'sorry', 'actually', 'mean', 'correction', 'not']);

/**
 * The number after more of it was dictated: pieces are put together, corrections replace what they
 * correct. null: longer than any telephone number.
 */
export function dictate(words: readonly string[], known: string): string | null {
  const pieces = piecesOf(words);
  const [first = '', ...corrections] = pieces;
  const isCorrected = CORRECTIONS.has(words[0] ?? '');
  const start = isCorrected ? replaced(known, first, words) : continued(known, first, words);
  const number = corrections.reduce((sum, piece) => replaced(sum, piece, words), start);
  return number.replace(/\D/g, '').length > MAX_NUMBER_DIGITS ? null : number;
}

function continued(known: string, digits: string, words: readonly string[]): string {
  if (namesAPart(words) && digits.length < MIN_NUMBER_DIGITS) return replaced(known, digits, words);
  const isRestarted = digits.length >= MIN_NUMBER_DIGITS && digits.startsWith(known);
  const isWhole = digits.length >= MIN_NUMBER_DIGITS && known.length >= MIN_NUMBER_DIGITS;
  return isRestarted || isWhole || known.length >= 10
    ? replaced(known, digits, words)
    : known + digits;
}

/** A few digits replace as many at the end, or where the caller says that they belong. */
function replaced(known: string, digits: string, words: readonly string[]): string {
  if (digits.length >= MIN_NUMBER_DIGITS || digits.length >= known.length) return digits;
  const atStart = ['first', 'area', 'starts', 'begins'].some((word) => words.includes(word));
  if (atStart) return digits + known.slice(digits.length);
  return known.slice(0, known.length - digits.length) + digits;
}

function namesAPart(words: readonly string[]): boolean {
  return ['first', 'last', 'area', 'starts', 'begins', 'ends', 'end'].some((word) =>
    words.includes(word),
  );
}

/** Digits between words of correction: '555 no 556' is ['555', '556']. */
function piecesOf(words: readonly string[]): readonly string[] {
  const pieces: string[][] = [[]];
  for (const [i, word] of words.entries()) {
    // 'the last four are' counts digits and is none.
    if (['first', 'last'].includes(words[i - 1] ?? '')) continue;
    if (CORRECTIONS.has(word)) pieces.push([]);
    else pieces.at(-1)?.push(word);
  }
  return pieces.map(spokenDigits).filter((digits) => digits !== '');
}
