import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letterToSound, pronounce } from './letter-to-sound.ts';

const PHONES = new Set(
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  ),
);

test.each([
  ['earshot', 'IH R SH AA T'],
  ['hygienist', 'HH IH JH IY N IH S T'],
  ['thornbury', 'TH AO R N B ER IY'],
  ['kowalski', 'K OW AE L S K IY'],
  ['whitlocke', 'W IH T L AA K'],
  ['phelps', 'F EH L P S'],
  ['knightley', 'N AY T L IY'],
  ['mcallister', 'M AH K AE L IH S T ER'],
  ['schwarzkopf', 'SH W AA R Z K AA P F'],
  ['bjornson', 'B JH AO R N S AH N'],
  ["delgado's", 'D EH L G AE D OW Z'],
  ['maddox', 'M AE D AA K S'],
  ['kate', 'K EY T'],
  ['quill', 'K W IH L'],
  ['nguyen', 'N AH Y AH N'],
  ['xyz', 'Z IH Z'],
])('%s sounds like %s', (word, phones) => {
  expect(letterToSound(word)).toBe(phones);
});

test('every word has a sound, and only sounds there are', () => {
  const letters = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz'.-") });
  fc.assert(
    fc.property(letters, (word) => {
      const phones = pronounce(word, () => null).split(' ');
      expect(phones.length).toBeGreaterThan(0);
      expect(phones.filter((phone) => !PHONES.has(phone))).toEqual([]);
    }),
  );
});

test('a word made of known words sounds like them', () => {
  const known = new Map([
    ['bright', 'B R AY T'],
    ['smile', 'S M AY L'],
    ['check', 'CH EH K'],
    ['up', 'AH P'],
  ]);
  const lookUp = (word: string) => known.get(word) ?? null;
  expect(pronounce('brightsmile', lookUp)).toBe('B R AY T S M AY L');
  expect(pronounce('check-up', lookUp)).toBe('CH EH K AH P');
  expect(pronounce('check-', lookUp)).toBe('CH EH K');
});
