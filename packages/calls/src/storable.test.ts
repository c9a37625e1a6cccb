import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storable, storableText } from './storable.ts';

test('what no store keeps is left out or replaced, and nothing else', () => {
  expect(storableText('a\u0000b\u0000')).toBe('ab');
  expect(storableText('\ud83d and \ude00, but 😀')).toBe('\ufffd and \ufffd, but 😀');
  expect(storableText('ü\u0001\u001f\u2028\ufeff')).toBe('ü\u0001\u001f\u2028\ufeff');
});

test('in names of fields, too, however deep', () => {
  expect(storable({ list: [{ 'a\u0000': ['b\u0000', 1, null, true] }] })).toEqual({
    list: [{ a: ['b', 1, null, true] }],
  });
});

test('a copy is the same JSON when there is nothing to change, and stays when copied again', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = storable(value);
      const text = JSON.stringify(copy);
      expect(text).not.toContain('\\u0000');
      expect(text).toBe(JSON.stringify(storable(copy)));
      if (!/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)))
        expect(text).toBe(JSON.stringify(value));
    }),
  );
});

test('a name that is special to objects is a name', () => {
  const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": "b\\u0000"}');
  expect(JSON.stringify(storable(value))).toBe('{"__proto__":{"a":1},"constructor":"b"}');
});
