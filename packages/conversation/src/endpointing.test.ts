import { describe, expect, test } from 'vitest';
import { type Evidence, patience } from './endpointing.ts';
import { DEFAULT_VAD } from './vad-config.ts';

/** The pause in ms that ends this turn, whose sound says so if nothing else is told of it. */
function pauseAfter(text: string, more: Partial<Evidence> = {}): number {
  const evidence = { text, completeBySound: 1, soundPending: false, habitMs: 0, ...more };
  return patience({ expectation: { topic: 'yes-no' }, ...evidence }, DEFAULT_VAD);
}

test.each(['yes', 'No.', 'Yeah', 'No, thank you.', 'Yes please', 'Thank you very much.'])(
  'a bare "%s" is given time for what may follow',
  (text) => {
    expect(pauseAfter(text)).toBe(400);
  },
);

test.each(["yes that's right", 'No, goodbye.', 'Sure.'])('"%s" is answered at once', (text) => {
  expect(pauseAfter(text)).toBe(160);
});

test('keys may be followed by keys, however whole it sounds', () => {
  expect(pauseAfter('my number is [digits 555]')).toBe(1800);
});

describe('a sound that is not judged yet', () => {
  const pending = { completeBySound: null, soundPending: true, expectation: { topic: 'anything' } };

  test('is not waited for after a whole sentence', () => {
    const text = 'What time do you open on Saturday?';
    expect(pauseAfter(text, pending)).toBe(160);
    expect(pauseAfter("I'd like to make an appointment.", pending)).toBeLessThan(200);
  });

  test('is waited for, and not for ever, where it decides', () => {
    const { expectation } = pending;
    expect(pauseAfter('Seven of clubs', { expectation, completeBySound: 0.9 })).toBe(160);
    expect(pauseAfter('Seven of clubs', { expectation, completeBySound: 0 })).toBeGreaterThan(1000);
    expect(pauseAfter('Seven of clubs', pending)).toBeGreaterThanOrEqual(400);
    expect(pauseAfter('Seven of clubs', pending)).toBeLessThan(500);
  });

  test('does not shorten the pause after words that are broken off', () => {
    expect(pauseAfter("I'd like to come on", pending)).toBe(1400);
  });
});

test('a whole sentence is answered at once unless its sound is flatly against it', () => {
  const text = "I'd like to make an appointment.";
  expect(pauseAfter(text, { completeBySound: 0.05 })).toBe(160);
  expect(pauseAfter(text, { completeBySound: 0 })).toBeGreaterThan(180);
});
