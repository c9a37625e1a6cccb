import { passing } from './slab.ts';

/** G.711 µ-law, bit for bit as the tools of ITU-T G.191: the 8 kHz code of phone audio. */

const BIAS = 33;
const LOUDEST = 0x1fff;

/** 16-bit sample of each of the 256 codes. */
export const MULAW_SAMPLES = Int16Array.from({ length: 256 }, (_, code) => expand(code));

/** Code of each 16-bit sample; samples that differ in their two lowest bits only share one. */
export const MULAW_CODES = Uint8Array.from({ length: 16_384 }, (_, i) =>
  compress(((i << 18) >> 18) << 2),
);

/** Phone codes to 16-bit samples. */
export function decodeMulaw(codes: Uint8Array): Int16Array {
  const samples = passing.samples(codes.length);
  for (let i = 0; i < codes.length; i++) samples[i] = MULAW_SAMPLES[codes[i] ?? 0] ?? 0;
  return samples;
}

/** 16-bit samples to phone codes; the two lowest bits do not matter. */
export function encodeMulaw(samples: Int16Array): Uint8Array {
  const codes = passing.codes(samples.length);
  for (let i = 0; i < samples.length; i++) {
    codes[i] = MULAW_CODES[((samples[i] ?? 0) >> 2) & 0x3fff] ?? 0;
  }
  return codes;
}

// On the wire every bit is inverted, so that silence is 0xff and the line never idles at zero.
function expand(code: number): number {
  const bits = ~code & 0xff;
  const segment = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 1) + BIAS) << segment) - BIAS;
  return (bits & 0x80 ? -magnitude : magnitude) << 2;
}

// G.191 takes the one's complement of negative samples, so that -1 is coded like 0 with the sign set.
function compress(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + BIAS, LOUDEST);
  const segment = 26 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 1)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}
