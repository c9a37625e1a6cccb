/** G.711 A-law, bit for bit as the tools of ITU-T G.191: what the phone networks of Europe speak. */

// The standard inverts every other bit of what is sent.
const EVEN_BITS = 0x55;

const SAMPLES = Int16Array.from({ length: 256 }, (_, code) => expand(code));
const CODES = Uint8Array.from({ length: 4096 }, (_, i) => compress(((i << 20) >> 20) << 4));

/** A-law codes to 16-bit samples. */
export function decodeAlaw(codes: Uint8Array): Int16Array {
  const samples = new Int16Array(codes.length);
  for (let i = 0; i < codes.length; i++) samples[i] = SAMPLES[codes[i] ?? 0] ?? 0;
  return samples;
}

/** 16-bit samples to A-law codes; the four lowest bits do not matter. */
export function encodeAlaw(samples: Int16Array): Uint8Array {
  const codes = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    codes[i] = CODES[((samples[i] ?? 0) >> 4) & 0x0fff] ?? 0;
  }
  return codes;
}

function expand(code: number): number {
  const bits = code ^ EVEN_BITS;
  const segment = (bits >> 4) & 0x07;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

// G.191 takes the one's complement of negative samples before it drops the low bits.
function compress(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const step = (magnitude >> Math.max(0, segment - 1)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ EVEN_BITS;
}
