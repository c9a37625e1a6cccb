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

/** Words with which people interrupt, however softly. */
const INTERRUPTING =
  /\b(?:stop|wait|no|not|hold|sorry|what|hello|hi|excuse|pardon|but|actually|help|cancel|never|repeat|again|bye|goodbye|listen|please)\b/i;

export function interrupts(text: string): boolean {
  return INTERRUPTING.test(text);
}
