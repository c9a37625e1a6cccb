import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutFrames } from './cut-frames.ts';

test('frames last 20 to 120 ms, and no sample is lost', () => {
  fc.assert(
    fc.property(fc.integer({ min: 500, max: 40_000 }), (length) => {
      const frames = [...cutFrames(new Float32Array(length), 22_050)].map(
        ({ samples }) => samples.length,
      );
      expect(frames.reduce((sum, size) => sum + size, 0)).toBe(length);
      expect(Math.max(...frames)).toBeLessThan(0.12 * 22_050);
      expect(Math.min(...frames)).toBeGreaterThanOrEqual(0.02 * 22_050);
    }),
  );
});

test('samples beyond full scale are clipped, not wrapped', () => {
  const [frame] = cutFrames(Float32Array.of(1.5, -1.5, 0.5, 0), 16_000);
  expect([...(frame?.samples ?? [])]).toEqual([32_767, -32_768, 16_384, 0]);
});

test('no samples make no frame', () => {
  expect([...cutFrames(new Float32Array(0), 16_000)]).toEqual([]);
});
