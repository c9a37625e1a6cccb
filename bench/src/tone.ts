const HEADROOM = 0.9 * 32_767;

/** A sine near full scale. */
export function tone(hertz: number, sampleRate: number, seconds: number): Int16Array {
  const angle = (2 * Math.PI * hertz) / sampleRate;
  return Int16Array.from({ length: Math.floor(sampleRate * seconds) }, (_, i) =>
    Math.round(HEADROOM * Math.sin(angle * i)),
  );
}

/** Signal to error in dB, where the signal is the sine of this frequency that fits best. */
export function snrDb(samples: Int16Array, hertz: number, sampleRate: number): number {
  const middle = settled(samples, sampleRate);
  const angle = (2 * Math.PI * hertz) / sampleRate;
  let [sine, cosine] = [0, 0];
  middle.forEach((sample, i) => {
    sine += (2 * sample * Math.sin(angle * i)) / middle.length;
    cosine += (2 * sample * Math.cos(angle * i)) / middle.length;
  });
  let error = 0;
  middle.forEach((sample, i) => {
    error += (sample - sine * Math.sin(angle * i) - cosine * Math.cos(angle * i)) ** 2;
  });
  const power = ((sine ** 2 + cosine ** 2) / 2) * middle.length;
  return 10 * Math.log10(power / error);
}

/** Level in dB against the tone that went in. */
export function levelDb(samples: Int16Array, sampleRate: number): number {
  const middle = settled(samples, sampleRate);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(Math.max(power, 1e-3) / (HEADROOM ** 2 / 2));
}

// One second holds whole periods, so that the fit is exact; the start is left to the filter.
function settled(samples: Int16Array, sampleRate: number): Int16Array {
  return samples.subarray(sampleRate / 2, sampleRate / 2 + sampleRate);
}
