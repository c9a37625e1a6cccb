import { type AudioFrame, Resampler } from '@earshot/audio';

/** A frame as models take it: at their rate, from −1 to 1. */
export function floatSamples({ samples, sampleRate }: AudioFrame, rate: number): Float32Array {
  const resampler = new Resampler(sampleRate, rate);
  const [most, rest] = [resampler.process(samples), resampler.flush()];
  const all = new Float32Array(most.length + rest.length);
  all.set(most);
  all.set(rest, most.length);
  return all.map((sample) => sample / 32_768);
}
