import { expect, test } from 'vitest';
import { splitUtterance } from './split-utterance.ts';

const sampleRate = 8000;

/** One character is a second: '#' is speech, '.' a pause. */
function utterance(picture: string) {
  const samples = Int16Array.from({ length: picture.length * sampleRate }, (_, i) =>
    picture[Math.floor(i / sampleRate)] === '#' ? 5000 * Math.sin(i / 4) : 0,
  );
  return { samples, sampleRate };
}

const seconds = (picture: string) =>
  splitUtterance(utterance(picture)).map(({ samples }) => samples.length / sampleRate);

test('what fits into one hearing stays whole', () => {
  expect(seconds('#'.repeat(28))).toEqual([28]);
});

test('a long utterance is cut in a pause, and nothing is lost', () => {
  const [first = 0, second = 0, ...more] = seconds(`${'#'.repeat(22)}.${'#'.repeat(17)}`);
  expect(first).toBeGreaterThan(22);
  expect(first).toBeLessThan(23);
  expect(first + second).toBe(40);
  expect(more).toEqual([]);
});

test('without a pause it is cut all the same', () => {
  const pieces = seconds('#'.repeat(70));
  expect(Math.max(...pieces)).toBeLessThanOrEqual(28);
  expect(pieces.reduce((sum, piece) => sum + piece)).toBe(70);
});

test('an empty utterance is one empty piece', () => {
  expect(seconds('')).toEqual([0]);
});
