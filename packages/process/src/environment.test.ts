import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { wholeNumber, yesOrNo } from './fields.ts';

const schema = z.object({ FIRST: wholeNumber(0, 9).optional(), SECOND: yesOrNo.default(false) });

const read = (env: Record<string, string>, contradictions: string[] = []) =>
  readEnvironment(schema, env, () => contradictions);

test('a variable that is set and empty is not set', () => {
  expect(read({ FIRST: ' ', SECOND: '' })).toEqual({ SECOND: false });
});

describe('a bad environment', () => {
  test('is told whole: every bad variable in one error with a code', () => {
    expect(() => read({ FIRST: 'x', SECOND: 'y' })).toThrow(
      expect.objectContaining({
        code: 'bad-environment',
        message: [
          'Bad environment:',
          '  FIRST: must be a whole number from 0 to 9',
          '  SECOND: must be true or false',
        ].join('\n'),
      }),
    );
  });

  test('is told without its values, which may be secret', () => {
    expect(() => read({ FIRST: 'hunter2', SECOND: 'hunter2' })).toThrow(/^((?!hunter2).)*$/s);
  });

  test('includes what contradicts itself', () => {
    expect(() => read({}, ['FIRST: must be set'])).toThrow(
      'Bad environment:\n  FIRST: must be set',
    );
  });
});
