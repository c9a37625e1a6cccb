import { expect, test } from 'vitest';
import { z } from 'zod';
import { inOurWords, inWordsForFiles, mistakesOf } from './our-words.ts';

const schema = z.strictObject({
  name: z.string().trim().min(1).max(5).default('A'),
  count: z.number().int().positive().default(1),
  inner: z.strictObject({ day: z.string() }).default({ day: 'x' }),
  list: z.array(z.string()).min(1).default(['a']),
});

const told = (given: unknown, error: typeof inOurWords): string => {
  const parsed = schema.safeParse(given, { error });
  return mistakesOf(parsed.error ?? new z.core.$ZodError([]))
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
};

test.each([
  [{ inner: {} }, 'inner.day: is missing'],
  [{ name: 7 }, 'name: must be a string'],
  [{ name: '' }, 'name: must have a length of at least 1'],
  [{ name: 'Boutique' }, 'name: must have a length of at most 5'],
  [{ count: 0 }, 'count: must be more than 0'],
  [{ count: 1.5 }, 'count: must be a whole number'],
  [{ list: 'a' }, 'list: must be a list'],
  [{ list: [] }, 'list: must have a length of at least 1'],
  [{ inner: { day: 'x', night: 1 } }, 'inner.night: is not known here'],
  [null, ': must be an object'],
])('what is wrong with %j is told by its place: %s', (given, words) => {
  expect(told(given, inOurWords)).toBe(words);
});

test.each([
  [{ name: 112 }, 'name: must be in quotes: "112"'],
  [{ name: '' }, 'name: is empty'],
  [{ name: ' ' }, 'name: is empty'],
  [{ name: null }, 'name: is empty'],
  [null, ': is empty'],
  [{ name: ['a'] }, 'name: must be a string'],
  [{ inner: {} }, 'inner.day: is missing'],
])('of a file, what is wrong with %j is told as who wrote it would: %s', (given, words) => {
  expect(told(given, inWordsForFiles)).toBe(words);
});
