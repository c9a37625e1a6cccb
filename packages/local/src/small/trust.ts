import type { Fit } from './word-scores.ts';

/** 0 to 1: how sure it is that these words were said; below 0.5 they are not to be trusted. */
export function trust({ mean, worstWord, worstSilence, frames }: Fit): number {
  const z =
    11 + 0.138 * mean + 0.095 * worstWord + 0.01 * worstSilence - 1.2 * Math.log(frames / 50);
  return 1 / (1 + Math.exp(-z));
}
