import type { Fit } from './word-scores.ts';

/** 1.5 s: nobody holds a word so long, but noise is heard as one long 'uh'. */
const LONGEST_WORD = 150;

/**
 * 0 to 1: how sure it is that these words were said; below 0.5 they are not to be trusted.
 *
 * A logistic of the fit, calibrated through 8 kHz µ-law on quiet and on noisy lines, with six
 * grammars of 10 to 700 words. Voices are Flite's; both groups were calibrated on.
 *
 * | of what was said | slt, awb, kal | rms, kal16 |
 * |---|---|---|
 * | answers heard right | 436 of 480 | 154 of 160 |
 * | … and trusted | 422 | 153 |
 * | other answers heard instead, and trusted | 19 | 1 |
 * | other speech trusted, four words and more | 15 of 474 | 4 of 158 |
 * | other speech trusted, two or three words | 2 of 60 | 2 of 20 |
 * | other speech trusted, single words | 33 of 138 | 7 of 46 |
 *
 * Other speech of people, 38 long and 15 short recordings: 4 and 7 are trusted. The lowest word score
 * as the decoder gives it, which is not divided by the word's length, lets in 63 % of other speech
 * when it refuses as few answers.
 */
export function trust(fit: Fit, whole: boolean): number {
  const { mean, worstWord, worstSilence, frames, longestWord } = fit;
  if (longestWord > LONGEST_WORD) return 0;
  const z =
    14.35 +
    0.21 * mean +
    0.08 * worstWord +
    0.0435 * Math.max(-80, worstSilence) -
    2.29 * Math.log(frames / 50) -
    (whole ? 0 : 1.5);
  return 1 / (1 + Math.exp(-z));
}
