import { encodeMulaw, MulawEncoder } from '@earshot/audio';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODES_PER_MS, SpeechBuffer } from './speech-buffer.ts';

const ramp = (length: number) =>
  Int16Array.from({ length }, (_, i) => ((i * 517) % 20_000) - 9_000);

function takeAll(buffer: SpeechBuffer, size: number) {
  const pieces = [];
  for (let piece = buffer.take(size); piece; piece = buffer.take(size)) pieces.push(piece);
  return pieces;
}

test('no sample is lost or doubled, however speech is cut up and taken', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 600 }), (lengths, size) => {
      const total = lengths.reduce((sum, length) => sum + length, 0);
      const all = ramp(total);
      const buffer = new SpeechBuffer();
      let at = 0;
      for (const length of lengths) {
        buffer.play({ samples: all.slice(at, at + length), sampleRate: 8000 });
        at += length;
      }
      buffer.endRun();
      const pieces = takeAll(buffer, size);
      expect(Buffer.concat(pieces.map(({ codes }) => codes))).toEqual(
        Buffer.from(encodeMulaw(all)),
      );
      expect(pieces.slice(0, -1).every(({ codes }) => codes.length === size)).toBe(true);
      if (total > 0) expect(pieces.at(-1)?.endMs).toBeCloseTo(total / 8, 6);
      expect(buffer.pendingMs).toBe(0);
    }),
  );
});

test.each([8_000, 16_000, 22_050, 24_000, 48_000])(
  'speech of %i samples a second ends on the playout clock where it was played',
  (sampleRate) => {
    const buffer = new SpeechBuffer();
    for (let i = 0; i < 37; i += 1) buffer.play({ samples: ramp(441), sampleRate });
    buffer.endRun();
    const pieces = takeAll(buffer, 480);
    const codes = pieces.reduce((sum, piece) => sum + piece.codes.length, 0);
    const expectedMs = (37 * 441 * 1000) / sampleRate;
    expect(Math.abs(codes - expectedMs * CODES_PER_MS)).toBeLessThanOrEqual(1);
    expect(buffer.playedMs).toBeCloseTo(expectedMs, 6);
    expect(pieces.at(-1)?.endMs).toBe(buffer.playedMs);
    const ends = pieces.map(({ endMs }) => endMs);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  },
);

test('a change of rate ends the run before it, with all that its filter held back', () => {
  const buffer = new SpeechBuffer();
  buffer.play({ samples: ramp(2400), sampleRate: 24_000 });
  const held = buffer.pendingMs;
  buffer.play({ samples: ramp(160), sampleRate: 8_000 });
  expect(held).toBeLessThan(100);
  expect(buffer.pendingMs).toBeCloseTo(120, 0);
});

test('dropped speech leaves no trace in what follows, but keeps its place in time', () => {
  const buffer = new SpeechBuffer();
  buffer.play({ samples: ramp(2400), sampleRate: 24_000 });
  buffer.drop();
  expect(buffer.isEmpty && !buffer.isRunning).toBe(true);
  buffer.play({ samples: ramp(2400), sampleRate: 24_000 });
  buffer.endRun();
  const alone = new MulawEncoder(24_000);
  const expected = Buffer.concat([alone.process(ramp(2400)), alone.flush()]);
  const pieces = takeAll(buffer, 480);
  expect(Buffer.concat(pieces.map(({ codes }) => codes))).toEqual(expected);
  expect(pieces[0]?.endMs).toBeCloseTo(160, 6);
  expect(buffer.playedMs).toBeCloseTo(200, 6);
});
