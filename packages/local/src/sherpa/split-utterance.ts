import { type AudioFrame, durationMs, levelDbfs } from '@earshot/audio';

/** Whisper hears 30 s at once; what comes after is lost. */
const LONGEST_MS = 28_000;
/** The cut is where the speaker is quietest, in the last third. */
const EARLIEST_CUT_MS = 18_000;
const WINDOW_MS = 200;

/** Pieces that a recognizer can hear whole, cut in the speaker's pauses. */
export function splitUtterance(utterance: AudioFrame): AudioFrame[] {
  const pieces: AudioFrame[] = [];
  let rest = utterance;
  while (durationMs(rest) > LONGEST_MS) {
    const at = quietestSample(rest);
    pieces.push({ ...rest, samples: rest.samples.subarray(0, at) });
    rest = { ...rest, samples: rest.samples.subarray(at) };
  }
  return [...pieces, rest];
}

function quietestSample({ samples, sampleRate }: AudioFrame): number {
  const inSamples = (ms: number) => Math.round((ms * sampleRate) / 1000);
  const window = inSamples(WINDOW_MS);
  let [quietest, at] = [Infinity, inSamples(LONGEST_MS)];
  for (let from = inSamples(EARLIEST_CUT_MS); from < inSamples(LONGEST_MS); from += window / 2) {
    const level = levelDbfs(samples.subarray(from, from + window));
    if (level >= quietest) continue;
    quietest = level;
    at = from + window / 2;
  }
  return Math.floor(at);
}
