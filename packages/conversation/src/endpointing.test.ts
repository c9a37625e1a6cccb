import { expect, test } from 'vitest';
import { patience } from './endpointing.ts';
import { DEFAULT_VAD } from './vad-config.ts';

/** The pause in ms that ends this turn, whose sound says so. */
function pauseAfter(text: string): number {
  const evidence = { text, completeBySound: 1, soundPending: false, habitMs: 0 };
  return patience({ ...evidence, expectation: { topic: 'yes-no' } }, DEFAULT_VAD);
}

test.each(['yes', 'No.', 'Yeah'])('a bare "%s" is given time for what may follow', (text) => {
  expect(pauseAfter(text)).toBe(400);
});

test.each(["yes that's right", 'No thank you.', 'Sure.'])('"%s" is answered at once', (text) => {
  expect(pauseAfter(text)).toBe(160);
});

test('keys may be followed by keys, however whole it sounds', () => {
  expect(pauseAfter('my number is [digits 555]')).toBe(1800);
});
