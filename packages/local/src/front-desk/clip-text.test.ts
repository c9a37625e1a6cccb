import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipText } from './clip-text.ts';

test('a text that fits is left alone', () => {
  expect(clipText('We open at nine. ', 17)).toBe('We open at nine. ');
});

test.each([
  ['One two. Three four.', 15, 'One two.'],
  ['One two. Three four. Five.', 20, 'One two. Three four.'],
  ['Prices\n\nCleaning $12.50\nWhitening $30.00', 30, 'Prices\n\nCleaning $12.50'],
  ['One. Two three four five six seven', 25, 'One. Two three four five'],
  ['Two three', 3, 'Two'],
  ['Donaudampfschifffahrt', 8, 'Donaudam'],
  ['我们九点开门。我们六点关门。', 9, '我们九点开门。'],
  ['anything', 0, ''],
])('%j in %i characters ends with a sentence, a line or at least a word: %j', (...given) => {
  const [text, mostChars, clipped] = given;
  expect(clipText(text, mostChars)).toBe(clipped);
});

test('what is clipped is never too long, and always a beginning', () => {
  fc.assert(
    fc.property(fc.lorem({ mode: 'sentences' }), fc.integer({ min: -5, max: 99 }), (text, most) => {
      const clipped = clipText(text, most);
      expect(clipped.length).toBeLessThanOrEqual(Math.max(0, most));
      expect(text.startsWith(clipped)).toBe(true);
    }),
  );
});
