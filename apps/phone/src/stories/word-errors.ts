/** How far what was understood is from what was said: word errors, and words said. */
export interface WordErrors {
  readonly errors: number;
  readonly words: number;
}

/** Substitutions, insertions and deletions of the best alignment; case, marks and spelling of numbers aside. */
export function wordErrors(said: string, understood: string): WordErrors {
  const reference = wordsOf(said);
  const hypothesis = wordsOf(understood);
  let row = Array.from({ length: hypothesis.length + 1 }, (_, i) => i);
  for (const [i, word] of reference.entries()) {
    const next = [i + 1];
    for (const [j, other] of hypothesis.entries()) {
      const substituted = (row[j] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return { errors: row.at(-1) ?? 0, words: reference.length };
}

const DIGITS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/\d+/g, (digits) => DIGITS[Number(digits)] ?? digits)
    .replace(/[^a-z0-9' ]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}
