import type { AudioFrame } from '@earshot/audio';

const FRAME_MS = 100;
/** A rest shorter than this joins the frame before it. */
const SHORTEST_MS = 20;

/** Samples in ±1 as frames of 100 ms; the last one has what is left, 20 to 120 ms. */
export function* cutFrames(samples: Float32Array, sampleRate: number): Generator<AudioFrame> {
  const size = Math.round((sampleRate * FRAME_MS) / 1000);
  const shortest = Math.round((sampleRate * SHORTEST_MS) / 1000);
  for (let from = 0; from < samples.length; ) {
    const left = samples.length - from;
    const to = left < size + shortest ? samples.length : from + size;
    yield { samples: toInt16(samples.subarray(from, to)), sampleRate };
    from = to;
  }
}

function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))),
  );
}
