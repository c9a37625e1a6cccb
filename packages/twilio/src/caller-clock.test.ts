import { expect, test } from 'vitest';
import { CallerClock } from './caller-clock.ts';

/** Frames of 20 ms as `[chunk, timestamp]`; tells the silence filled in before each. */
function filled(...frames: [number, number][]): number[] {
  const clock = new CallerClock();
  return frames.map(([chunk, timestampMs]) => clock.hear(chunk, timestampMs, 20).fillMs);
}

test('nothing is missing from audio in order, wherever it starts', () => {
  expect(filled([1, 0], [2, 20], [3, 40])).toEqual([0, 0, 0]);
  expect(filled([7, 5120], [8, 5140])).toEqual([0, 0]);
});

test('skipped chunks are filled by what the timestamps say', () => {
  expect(filled([1, 0], [4, 60], [5, 80])).toEqual([0, 40, 0]);
});

test('a jump of the timestamps alone is filled once it is more than jitter', () => {
  expect(filled([1, 0], [2, 80], [3, 40], [4, 60])).toEqual([0, 0, 0, 0]);
  expect(filled([1, 0], [2, 320], [3, 340])).toEqual([0, 300, 0]);
});

test('jitter is not filled twice', () => {
  expect(filled([1, 0], [2, 140], [3, 150], [4, 151], [5, 160])).toEqual([0, 120, 0, 0, 0]);
});

test('a long gap is filled in part, and counted whole', () => {
  const clock = new CallerClock();
  clock.hear(1, 0, 20);
  expect(clock.hear(400, 7980, 20)).toEqual({ fillMs: 2000, lostMs: 7960 });
  expect(clock.hear(401, 8000, 20)).toEqual({ fillMs: 0, lostMs: 0 });
});

test('one senseless timestamp does not upset those after it', () => {
  const senseless: [number, number] = [900, 9e14];
  expect(filled([1, 0], senseless, [2, 20], [3, 40], [6, 100])).toEqual([0, 0, 0, 0, 40]);
});

test('repeated and older chunks are audio like any other', () => {
  expect(filled([1, 0], [2, 20], [2, 20], [3, 40])).toEqual([0, 0, 0, 0]);
});
