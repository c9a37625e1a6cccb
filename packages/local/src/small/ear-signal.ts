/** Of the loud parts: −20 dB below full scale. */
const WANTED_RMS = 3277;
const MAX_GAIN = 10;
const WINDOW = 80;
/** Windows this far below the loudest are not speech. */
const QUIET = 10 ** (-20 / 10);
/** ±16 steps, −69 dBFS: on a line without any noise "no" sounds like "okay" to the decoder. */
const DITHER = 16;

/** −60 dBFS. */
const SILENT_RMS = 33;

/** Nothing is loud enough to be speech. */
export function isSilent(samples: Int16Array): boolean {
  return speechRms(samples) < SILENT_RMS;
}

/** An utterance at 8 kHz as the decoder was trained to hear it: at one level, over a little noise. */
export function earSignal(samples: Int16Array): Float32Array {
  const gain = Math.min(MAX_GAIN, WANTED_RMS / Math.max(1, speechRms(samples)));
  let noise = 1;
  return Float32Array.from(samples, (sample) => {
    // The same in every run, so that the same utterance is always heard the same.
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) & 0x7fffffff;
    const dither = (noise / 0x40000000 - 1) * DITHER;
    return Math.max(-1, Math.min(1, (sample * gain + dither) / 32_768));
  });
}

function speechRms(samples: Int16Array): number {
  const energies = Array.from({ length: Math.ceil(samples.length / WINDOW) }, (_, i) => {
    const window = samples.subarray(i * WINDOW, (i + 1) * WINDOW);
    return window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
  });
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  const loud = energies.filter((energy) => energy >= loudest * QUIET);
  return Math.sqrt(loud.reduce((sum, energy) => sum + energy, 0) / Math.max(1, loud.length));
}
