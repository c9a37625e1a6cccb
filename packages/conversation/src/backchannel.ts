/** Words that say "go on": alone, they do not take the floor. */
const WORDS = new Set(
  'mhm mm hm hmm mmm mmhm mhmm uh huh ah oh yeah yep yes yup okay ok right sure alright good great cool fine nice wow really i see got it'.split(
    ' ',
  ),
);
/** Longer than this it is an answer, even of such words. */
const MOST_WORDS = 4;

export function isBackchannel(text: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/[^a-z\s-]/g, '')
    .split(/[\s-]+/)
    .filter(Boolean);
  return words.length > 0 && words.length <= MOST_WORDS && words.every((word) => WORDS.has(word));
}
