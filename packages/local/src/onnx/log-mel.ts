import { type ComplexSamples, complexSamples, Fourier } from './fourier.ts';

export const SAMPLE_RATE = 16_000;
/** Smart Turn hears the last 8 s. */
const HEARD_SAMPLES = 8 * SAMPLE_RATE;
export const BANDS = 80;
export const FRAMES = 800;

const WINDOW = 400;
const HOP = 160;
const BINS = WINDOW / 2 + 1;

const hann = Float64Array.from(
  { length: WINDOW },
  (_, i) => (1 - Math.cos((2 * Math.PI * i) / WINDOW)) / 2,
);
const fourier = new Fourier([4, 4, 5, 5]);
const NO_BAND = { firstBin: 0, weights: new Float64Array(0) };
const bands = melBands();

/**
 * The sound as Smart Turn (and Whisper, whose encoder it is built on) wants it: [80, 800] in one
 * array, band after band. `audio` is 16 kHz in ±1; what is shorter than 8 s is preceded by silence.
 * Zero mean and unit variance over the 8 s, then power through a periodic Hann window of 25 ms every
 * 10 ms, centred, with the sound mirrored at both ends; 80 Slaney mel bands to 8 kHz; log10, not
 * lower than the loudest minus 8, then (x + 4) / 4.
 */
export function logMel(audio: Float32Array): Float32Array {
  const heard = audio.subarray(Math.max(0, audio.length - HEARD_SAMPLES));
  const sound = mirrored(normalized(heard));
  const powers = framePowers(sound, HEARD_SAMPLES - heard.length);
  return compressed(powers);
}

/** 8 s of zero mean and unit variance, the silence in front included. */
function normalized(heard: Float32Array): Float64Array {
  let sum = 0;
  for (const sample of heard) sum += sample;
  const mean = sum / HEARD_SAMPLES;
  const silent = HEARD_SAMPLES - heard.length;
  let squares = silent * mean ** 2;
  for (const sample of heard) squares += (sample - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / HEARD_SAMPLES + 1e-7);
  const all = new Float64Array(HEARD_SAMPLES).fill(-mean * scale);
  for (let i = 0; i < heard.length; i++) all[silent + i] = ((heard[i] ?? 0) - mean) * scale;
  return all;
}

/** With half a window of its mirror image at both ends. */
function mirrored(sound: Float64Array): Float64Array {
  const half = WINDOW / 2;
  const all = new Float64Array(sound.length + WINDOW);
  all.set(sound, half);
  for (let i = 1; i <= half; i++) {
    all[half - i] = sound[i] ?? 0;
    all[half + sound.length - 1 + i] = sound[sound.length - 1 - i] ?? 0;
  }
  return all;
}

/** Mel powers [80, 800]. The frames before the speech are all alike, so one of them stands for all. */
function framePowers(sound: Float64Array, silentSamples: number): Float32Array {
  const mel = new Float32Array(BANDS * FRAMES);
  const alike = Math.max(0, Math.floor((silentSamples - WINDOW / 2) / HOP));
  const pair = complexSamples(WINDOW);
  const [first, second] = [new Float64Array(BINS), new Float64Array(BINS)];
  for (let frame = Math.max(0, alike - 1); frame < FRAMES; frame += 2) {
    // Two real frames are one complex one; the symmetry of their spectra takes them apart again.
    for (let i = 0; i < WINDOW; i++) {
      pair.re[i] = (sound[frame * HOP + i] ?? 0) * (hann[i] ?? 0);
      pair.im[i] = (sound[(frame + 1) * HOP + i] ?? 0) * (hann[i] ?? 0);
    }
    pairPowers(fourier.transform(pair), first, second);
    weigh(first, mel, frame);
    if (frame + 1 < FRAMES) weigh(second, mel, frame + 1);
  }
  for (let band = 0; band < BANDS && alike > 1; band++) {
    const start = band * FRAMES;
    mel.fill(mel[start + alike - 1] ?? 0, start, start + alike - 1);
  }
  return mel;
}

function pairPowers({ re, im }: ComplexSamples, first: Float64Array, second: Float64Array): void {
  for (let bin = 0; bin < BINS; bin++) {
    const mirror = (WINDOW - bin) % WINDOW;
    const a = re[bin] ?? 0;
    const b = im[bin] ?? 0;
    const c = re[mirror] ?? 0;
    const d = im[mirror] ?? 0;
    first[bin] = ((a + c) ** 2 + (b - d) ** 2) / 4;
    second[bin] = ((b + d) ** 2 + (c - a) ** 2) / 4;
  }
}

function weigh(powers: Float64Array, mel: Float32Array, frame: number): void {
  for (let band = 0; band < BANDS; band++) {
    const { firstBin, weights } = bands[band] ?? NO_BAND;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (powers[firstBin + i] ?? 0);
    mel[band * FRAMES + frame] = sum;
  }
}

function compressed(mel: Float32Array): Float32Array {
  const logs = mel.map((power) => Math.log10(Math.max(1e-10, power)));
  const lowest = logs.reduce((top, value) => Math.max(top, value), -Infinity) - 8;
  return logs.map((value) => (Math.max(value, lowest) + 4) / 4);
}

/** Triangles of equal area between neighbouring points of Slaney's mel scale. */
function melBands(): { readonly firstBin: number; readonly weights: Float64Array }[] {
  const top = melOf(SAMPLE_RATE / 2);
  const edges = Array.from({ length: BANDS + 2 }, (_, i) => hertzOf((top * i) / (BANDS + 1)));
  return Array.from({ length: BANDS }, (_, band) => {
    const [low = 0, middle = 0, high = 0] = edges.slice(band, band + 3);
    const all = Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * SAMPLE_RATE) / WINDOW;
      const height = Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
      return (Math.max(0, height) * 2) / (high - low);
    });
    const firstBin = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const lastBin = all.findLastIndex((weight) => weight > 0);
    return { firstBin, weights: Float64Array.from(all.slice(firstBin, lastBin + 1)) };
  });
}

/** Slaney's scale is linear to 1 kHz, 15 mel, and logarithmic above: 27 mel for a factor of 6.4. */
function melOf(hertz: number): number {
  return hertz < 1000 ? (hertz * 15) / 1000 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
}

function hertzOf(mel: number): number {
  return mel < 15 ? (mel * 1000) / 15 : 1000 * 6.4 ** ((mel - 15) / 27);
}
