import { expect, test } from 'vitest';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';

// G.711 table 2: decision values on the 14-bit scale. The first interval is 1 wide, then come 15 of
// 2, and then seven segments of 16 intervals, each twice as wide as those of the segment before.
const DECISIONS = [0, 1];
for (const [width, count] of [[2, 15], ...[4, 8, 16, 32, 64, 128, 256].map((w) => [w, 16])]) {
  for (let i = 0; i < (count ?? 0); i++) DECISIONS.push((DECISIONS.at(-1) ?? 0) + (width ?? 0));
}

// Table 2: the value of a code lies in the middle of its interval, that of the first one is 0.
const decoded = (interval: number): number =>
  interval === 0 ? 0 : ((DECISIONS[interval] ?? 0) + (DECISIONS[interval + 1] ?? 0)) / 2;

// The code counts intervals from 0, sign bit first, all bits inverted on the line.
function code(sample: number): number {
  const magnitude = Math.floor((sample < 0 ? -sample - 1 : sample) / 4);
  const interval = DECISIONS.slice(1, -1).filter((decision) => decision <= magnitude).length;
  return 255 - interval - (sample < 0 ? 128 : 0);
}

test('the decision values end where the standard says', () => {
  expect(DECISIONS).toHaveLength(129);
  expect(DECISIONS.at(-1)).toBe(8159);
});

test('all 65,536 samples get the code of the standard', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  expect(encodeMulaw(samples)).toEqual(Uint8Array.from(samples, code));
});

test('all 256 codes get the sample of the standard', () => {
  const expected = Int16Array.from({ length: 256 }, (_, i) =>
    i < 128 ? -4 * decoded(127 - i) : 4 * decoded(255 - i),
  );
  expect(decodeMulaw(Uint8Array.from({ length: 256 }, (_, i) => i))).toEqual(expected);
});

test('codes survive the way to samples and back, but for the second zero', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(encodeMulaw(decodeMulaw(codes))).toEqual(codes.map((c) => (c === 0x7f ? 0xff : c)));
});

test('silence is 0xff, and nothing comes of nothing', () => {
  expect(encodeMulaw(new Int16Array(2))).toEqual(Uint8Array.of(0xff, 0xff));
  expect(encodeMulaw(new Int16Array())).toEqual(new Uint8Array());
  expect(decodeMulaw(new Uint8Array())).toEqual(new Int16Array());
});
