/** What silence measures, so that levels can be compared and drawn. One 16-bit step is -90 dBFS. */
const SILENCE_DBFS = -100;

/** RMS level in dB below digital full scale: a full-scale square wave is 0, silence is -100. */
export function levelDbfs(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  if (energy === 0) return SILENCE_DBFS;
  return Math.max(SILENCE_DBFS, 10 * Math.log10(energy / samples.length / 32_768 ** 2));
}

/** Largest magnitude, 0 to 32768. */
export function peak(samples: Int16Array): number {
  let largest = 0;
  for (const sample of samples) largest = Math.max(largest, Math.abs(sample));
  return largest;
}
