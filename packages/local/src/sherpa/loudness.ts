import { type AudioFrame, levelDbfs } from '@earshot/audio';

/** What an utterance's level alone says of the speech in it. */
export interface Loudness {
  /** Level of the loudest 20 ms, in dBFS; -Infinity where there is less audio than that. */
  readonly loudestDbfs: number;
  /** How much of it stands out as speech does: near the loudest part and above the line's noise. */
  readonly voicedMs: number;
}

const WINDOW_MS = 20;
const VOICED_RANGE_DB = 25;
const NOISE_FLOOR_DBFS = -55;

export function loudness({ samples, sampleRate }: AudioFrame): Loudness {
  const size = Math.round((sampleRate * WINDOW_MS) / 1000);
  const levels: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size)
    levels.push(levelDbfs(samples.subarray(at, at + size)));
  const loudestDbfs = Math.max(-Infinity, ...levels);
  const threshold = Math.max(loudestDbfs - VOICED_RANGE_DB, NOISE_FLOOR_DBFS);
  return { loudestDbfs, voicedMs: levels.filter((level) => level > threshold).length * WINDOW_MS };
}
