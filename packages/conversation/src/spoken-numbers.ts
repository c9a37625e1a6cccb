const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** A whole number below a million million in words, American style: "one hundred twenty". */
export function inWords(number: number): string {
  if (number < 20) return ONES[number] ?? String(number);
  if (number < 100) return join(TENS[Math.floor(number / 10)], number % 10, '-');
  for (const [size, name] of SIZES)
    if (number >= size)
      return join(`${inWords(Math.floor(number / size))} ${name}`, number % size, ' ');
  return String(number);
}

/** "21" → "twenty-first". */
export function ordinal(number: number): string {
  const words = inWords(number);
  const last = words.split(/[\s-]/).at(-1) ?? '';
  const ending = ORDINALS[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return words.slice(0, words.length - last.length) + ending;
}

/** "555" → "five five five". */
export function digitByDigit(digits: string): string {
  return [...digits].map((digit) => ONES[Number(digit)] ?? digit).join(' ');
}

const SIZES: readonly (readonly [number, string])[] = [
  [1e9, 'billion'],
  [1e6, 'million'],
  [1000, 'thousand'],
  [100, 'hundred'],
];

function join(head: string | undefined, rest: number, between: string): string {
  return rest === 0 ? (head ?? '') : `${head}${between}${inWords(rest)}`;
}
