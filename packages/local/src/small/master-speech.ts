import type { AudioFrame } from '@earshot/audio';

const HIGH_PASS_HZ = 100;
const BUTTERWORTH_Q = Math.SQRT1_2;
/** Of the parts that are speech: −20 dB below full scale. */
const SPEECH_RMS = 0.1 * 32768;
const LOUDEST = 0.97 * 32767;
const WINDOW_MS = 10;
/** Below the loudest window; quieter windows are pauses. */
const PAUSE_DB = -40;
const LEAD_MS = 20;
const TAIL_MS = 60;

/**
 * Fits a synthesizer's utterance for the phone: no rumble below 100 Hz, speech at −20 dBFS without
 * clipping, 20 ms of silence before it and 60 ms after. Silence comes back empty.
 */
export function masterSpeech({ samples, sampleRate }: AudioFrame): AudioFrame {
  const clean = highPass(samples, sampleRate);
  const windows = windowEnergies(clean, sampleRate);
  const floor = Math.max(1, Math.max(0, ...windows) * 10 ** (PAUSE_DB / 10));
  const first = windows.findIndex((energy) => energy >= floor);
  if (first === -1) return { samples: new Int16Array(), sampleRate };
  const last = windows.findLastIndex((energy) => energy >= floor);
  const speech = windows.filter((energy) => energy >= floor);
  const rms = Math.sqrt(speech.reduce((sum, energy) => sum + energy, 0) / speech.length);
  const from = atMs(first * WINDOW_MS - LEAD_MS, sampleRate);
  const to = atMs((last + 1) * WINDOW_MS + TAIL_MS, sampleRate);
  return { samples: scale(clean.subarray(from, to), SPEECH_RMS / rms), sampleRate };
}

/** Second-order Butterworth high-pass (bilinear transform). */
function highPass(samples: Int16Array, sampleRate: number): Float64Array {
  const w = (2 * Math.PI * HIGH_PASS_HZ) / sampleRate;
  const alpha = Math.sin(w) / (2 * BUTTERWORTH_Q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const b0 = (1 + cos) / 2 / a0;
  const [a1, a2] = [(-2 * cos) / a0, (1 - alpha) / a0];
  const out = new Float64Array(samples.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (const [i, x] of samples.entries()) {
    const y = b0 * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2;
    [x1, x2, y1, y2] = [x, x1, y, y1];
    out[i] = y;
  }
  return out;
}

/** Mean square of each 10 ms. */
function windowEnergies(samples: Float64Array, sampleRate: number): number[] {
  const size = (sampleRate * WINDOW_MS) / 1000;
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, i) => {
    const window = samples.subarray(i * size, (i + 1) * size);
    return window.reduce((sum, sample) => sum + sample * sample, 0) / size;
  });
}

function atMs(ms: number, sampleRate: number): number {
  return Math.max(0, Math.round((ms * sampleRate) / 1000));
}

function scale(samples: Float64Array, wanted: number): Int16Array {
  const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  const gain = Math.min(wanted, LOUDEST / peak);
  return Int16Array.from(samples, (sample) => Math.round(sample * gain));
}
