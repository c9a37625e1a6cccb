import { expect, test } from 'vitest';
import { UnderrunDetector } from './underrun.ts';

/**
 * One character is 20 ms: '#' speech and '_' silence that the server sent, '.' an empty buffer,
 * '!' a clear. Returns the gaps found.
 */
function gaps(heard: string): number[] {
  const detector = new UnderrunDetector();
  const found = [...heard].map((kind) => {
    if (kind === '!') detector.cleared();
    if (kind === '!') return 0;
    const samples = new Int16Array(160).fill(kind === '#' ? 3000 : 0);
    return detector.heard(samples, kind === '.' ? 0 : 160);
  });
  return found.filter((gapMs) => gapMs > 0);
}

test('a hole in the middle of speech is an underrun of its length', () => {
  expect(gaps('##..##.#')).toEqual([40, 20]);
});

test('a frame that is filled in part only counts with what is missing', () => {
  const detector = new UnderrunDetector();
  const speech = new Int16Array(160).fill(3000);
  detector.heard(speech, 80);
  expect(detector.heard(speech, 160)).toBe(10);
});

test.each([
  ['pauses that the server sent', '##__##'],
  ['silence before and after speech', '..##..'],
  ['a hole after a pause', '##_..##'],
  ['a hole before a pause', '##.._##'],
  ['a second or more between two replies', `##${'.'.repeat(51)}##`],
  ['what a clear cut off', '##!...##'],
])('%s is none', (_name, heard) => {
  expect(gaps(heard)).toEqual([]);
});
