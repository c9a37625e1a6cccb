import { expect, test } from 'vitest';
import { wordErrors } from './word-errors.ts';

test('marks, case and the spelling of numbers are no errors', () => {
  expect(wordErrors('TEN of clubs, ask not!', '10 of Clubs. Ask not')).toEqual({
    errors: 0,
    words: 5,
  });
});

test('a wrong, a missing and an added word are an error each', () => {
  expect(wordErrors('one two three', 'one too three').errors).toBe(1);
  expect(wordErrors('one two three', 'one three').errors).toBe(1);
  expect(wordErrors('one two three', 'one two and three').errors).toBe(1);
  expect(wordErrors('one two', '')).toEqual({ errors: 2, words: 2 });
});
