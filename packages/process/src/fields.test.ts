import { expect, test } from 'vitest';
import { baseUrl, choice, httpUrl, list, wholeNumber, yesOrNo } from './fields.ts';

test.each([
  [choice('a', 'b'), 'b', 'b'],
  [wholeNumber(0, 9), ' 9 ', 9],
  [yesOrNo, 'YES', true],
  [yesOrNo, ' off', false],
  [httpUrl, 'https://a.example/x/', 'https://a.example/x/'],
  [baseUrl, 'https://a.example/x//', 'https://a.example/x'],
  [list, ' a,, b ,', ['a', 'b']],
])('%#: %o reads %j as %j', (field, text, read) => {
  expect(field.parse(text)).toEqual(read);
});

test.each([
  [choice('a', 'b'), 'c', 'must be one of a, b'],
  [wholeNumber(0, 9), '10', 'must be a whole number from 0 to 9'],
  [wholeNumber(0, 9), '1.5', 'must be a whole number from 0 to 9'],
  [wholeNumber(0, 9_000), '1e3', 'must be a whole number from 0 to 9000'],
  [yesOrNo, 'perhaps', 'must be true or false'],
  [httpUrl, 'a.example', 'must be an http:// or https:// URL'],
  [baseUrl, 'ftp://a.example', 'must be an http:// or https:// URL'],
])('%#: %o tells of %j in plain words', (field, text, told) => {
  expect(field.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([told]);
});
