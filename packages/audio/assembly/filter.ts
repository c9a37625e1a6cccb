// Polyphase filter and G.711 in one pass. All memory is laid out by src/wasm-core.ts; `window` holds
// the samples remembered and then the new ones, `bank` the coefficients as src/kernel.ts orders them.

const COARSE_TO_FINE: i32 = 8;
const FINE_BITS: i64 = 22;
const HALF: i64 = 1 << 21;

/**
 * Filters `outputs` samples, the first at `position` (in 1/phases samples), to `out`: as samples, or
 * as the codes that the table at `codes` has for them.
 */
export function filter(
  window: usize,
  bank: usize,
  taps: i32,
  phases: i32,
  step: i32,
  position: i32,
  outputs: i32,
  out: usize,
  codes: usize,
): void {
  const rowBytes: usize = <usize>taps * 4;
  const whole: usize = (<usize>(step / phases)) << 1;
  const part: i32 = step % phases;
  let phase: i32 = position % phases;
  let at: usize = window + ((<usize>(position / phases)) << 1);
  for (let i: i32 = 0; i < outputs; i++) {
    const sample = product(at, bank + <usize>phase * rowBytes, rowBytes);
    if (codes === 0) store<i16>(out + ((<usize>i) << 1), <i16>sample);
    else store<u8>(out + <usize>i, load<u8>(codes + ((sample >> 2) & 0x3fff)));
    at += whole;
    phase += part;
    if (phase >= phases) {
      phase -= phases;
      at += 2;
    }
  }
}

/** Expands µ-law codes into the window. */
export function expand(codes: usize, count: i32, samples: usize, window: usize): void {
  for (const end: usize = codes + <usize>count; codes < end; codes++) {
    store<i16>(window, load<i16>(samples + ((<usize>load<u8>(codes)) << 1)));
    window += 2;
  }
}

function product(samples: usize, row: usize, rowBytes: usize): i32 {
  let coarse: v128 = i32x4.splat(0);
  let fine: v128 = i32x4.splat(0);
  for (const end: usize = row + rowBytes; row < end; row += 32) {
    const eight: v128 = v128.load(samples);
    coarse = i32x4.add(coarse, i32x4.dot_i16x8_s(eight, v128.load(row)));
    fine = i32x4.add(fine, i32x4.dot_i16x8_s(eight, v128.load(row, 16)));
    samples += 16;
  }
  const sums: v128 = i64x2.add(i64x2.shl(pairs(coarse), COARSE_TO_FINE), pairs(fine));
  const sum: i64 = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1) + HALF;
  return <i32>min<i64>(32767, max<i64>(-32768, sum >> FINE_BITS));
}

// Four 32-bit sums as two of 64 bits, which no input can overflow.
function pairs(lanes: v128): v128 {
  return i64x2.add(i64x2.extend_low_i32x4_s(lanes), i64x2.extend_high_i32x4_s(lanes));
}
