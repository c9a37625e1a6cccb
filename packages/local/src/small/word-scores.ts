/** One word of what the decoder heard. */
export interface HeardWord {
  readonly word: string;
  readonly frames: number;
  /** Log likelihood (base 1.0001) of the word's sound, summed over its frames of 10 ms. */
  readonly score: number;
}

/** What tells answers from other speech; scores are per frame, 0 for a perfect fit. */
export interface Fit {
  readonly mean: number;
  readonly worstWord: number;
  /** Of stretches taken for silence: speech that no word explains ends up there. */
  readonly worstSilence: number;
  readonly frames: number;
  /** Frames of the longest word. */
  readonly longestWord: number;
}

// A sound of a few frames scores by chance.
const FEWEST_FRAMES = 5;

export function fitOf(heard: readonly HeardWord[]): Fit | null {
  const words = heard.filter(({ word }) => !isSilence(word));
  const frames = words.reduce((sum, { frames }) => sum + frames, 0);
  if (frames === 0) return null;
  const perFrame = ({ score, frames }: HeardWord) => score / Math.max(FEWEST_FRAMES, frames);
  return {
    mean: words.reduce((sum, { score }) => sum + score, 0) / frames,
    worstWord: Math.min(...words.map(perFrame)),
    worstSilence: Math.min(0, ...heard.filter(({ word }) => isSilence(word)).map(perFrame)),
    frames,
    longestWord: Math.max(...words.map((word) => word.frames)),
  };
}

export function isSilence(word: string): boolean {
  return /^[<[]/.test(word);
}
