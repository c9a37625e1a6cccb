import type { AudioFrame } from '@earshot/audio';

/** 16-bit samples below this are taken for the silence that synthesizers put around speech. */
const SILENT = 250;

/** Speech without the silence in front of it, and with at most `tailMs` of the silence behind it. */
export async function* trimmed(
  speech: AsyncIterable<AudioFrame>,
  tailMs: number,
): AsyncGenerator<AudioFrame> {
  let begun = false;
  let held: AudioFrame[] = [];
  for await (const { samples, sampleRate } of speech) {
    const first = begun ? 0 : samples.findIndex(isSound);
    if (first < 0) continue;
    begun = true;
    const end = samples.findLastIndex(isSound) + 1;
    if (end > first) {
      yield* held;
      held = [];
      yield { samples: samples.subarray(first, end), sampleRate };
    }
    const rest = samples.subarray(Math.max(first, end));
    if (rest.length > 0) held.push({ samples: rest, sampleRate });
  }
  yield* firstOf(held, tailMs);
}

function isSound(sample: number): boolean {
  return sample > SILENT || sample < -SILENT;
}

function* firstOf(frames: readonly AudioFrame[], ms: number): Generator<AudioFrame> {
  let left = ms;
  for (const { samples, sampleRate } of frames) {
    const take = Math.min(samples.length, Math.round((left * sampleRate) / 1000));
    if (take <= 0) return;
    yield { samples: samples.subarray(0, take), sampleRate };
    left -= (take * 1000) / sampleRate;
  }
}
