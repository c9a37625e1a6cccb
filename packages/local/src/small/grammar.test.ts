import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DENTIST, SALON } from '../front-desk/__fixtures__/businesses.ts';
import { Expectations } from '../front-desk/expectations.ts';
import { QUESTIONS } from '../front-desk/memory.ts';
import { readGrammar } from './grammar.ts';
import { GrammarError } from './grammar-error.ts';

const rulesOf = (text: string): string[] =>
  readGrammar(text)
    .jsgf.split('\n')
    .filter((line) => line.startsWith('<r'));

test.each([
  ['public <a> = yes | no;', ['<r0> = yes | no;']],
  ['#JSGF V1.0 UTF-8 en;\ngrammar x;\npublic <a> = Yes;', ['<r0> = yes;']],
  ['\uFEFF#JSGF V1.0;\npublic <a> = (b | c)+ [d]*;', ['<r0> = (b | c)+ [d]*;']],
  ['<b> = x; public <a> = <b> <NULL>;', ['<r0> = x;', '<r1> = <r0> <NULL>;']],
  ['public <a> = /0.5/ b | /1e-3/ c {tag} d {{};', ['<r0> = /0.5/ b | /1e-3/ c d;']],
  ['public <a> = b // c\n | /* ; */ d;', ['<r0> = b | d;']],
  ['public <a-1.x> = José | o’brien | a.m. | mm-hm;', ["<r0> = jose | o'brien | a.m. | mm-hm;"]],
  ['public <a> = b++;', ['<r0> = (b+)+;']],
])('%j is read', (text, rules) => {
  expect(rulesOf(text)).toEqual(rules);
});

test('the first public rule is heard, and backchannels beside it', () => {
  const { jsgf, words } = readGrammar('<a> = x; public <b> = y <a>; public <c> = z;');
  expect(jsgf).toMatch(/public <heard> = .* \(<r1> \| <always>\);/);
  expect(words).toEqual(expect.arrayContaining(['x', 'y', 'mm-hm', 'uh-huh', 'okay', 'yes', 'no']));
});

test.each([
  ['', 'No public rule'],
  ['garbage', "Unexpected 'garbage' at 0"],
  ['<a> = b;', 'No public rule'],
  ['public <a> = (b | ;', "Unexpected ';' at 18"],
  ['public <a> = b', 'Cut off'],
  ['public <a> = b) ;', "Unexpected ')' at 14"],
  ['public <a> = ;', "Unexpected ';' at 13"],
  ['public <a> = b | | c;', "Unexpected '|' at 17"],
  ['public <a> = <b>;', '<b> is used and not defined'],
  ['public <a> = <a> b | c;', '<a> uses itself'],
  ['public <a> = b <c>; <c> = <d>; <d> = e <c>;', '<c> uses itself'],
  ['public <a> = b; public <a> = c;', '<a> is defined twice'],
  ['public <a> = "b c";', 'Unexpected "\\"" at 13'],
  ['public <a> = room 12;', "'12' at 18 is not a spoken word"],
  ['public <a> = 北京;', 'is not a spoken word'],
  ["public <a> = ';", 'is not a spoken word'],
  ['import <x.y>; public <a> = b;', "Unexpected 'import'"],
  [`public <a> = ${'('.repeat(60)}b${')'.repeat(60)};`, 'Too many brackets'],
  [`public <a> = ${'b '.repeat(10_001)};`, 'Longer than 20000 characters'],
])('%j is refused', (text, message) => {
  expect(() => readGrammar(text)).toThrow(expect.objectContaining({ code: 'bad-grammar' }));
  expect(() => readGrammar(text)).toThrow(message);
});

test('rules that multiply when copied are refused', () => {
  const doubling = Array.from({ length: 30 }, (_, i) => `<a${i}> = <a${i + 1}> <a${i + 1}>;`);
  expect(() => readGrammar(`public ${doubling.join(' ')} <a30> = b;`)).toThrow('More than 5000');
});

test.each([
  ['the dentist', DENTIST],
  ['the salon', SALON],
])('every grammar of %s can be read', (_, profile) => {
  for (const question of QUESTIONS) {
    const { grammar = '' } = new Expectations(profile).of(question);
    expect(readGrammar(grammar).words.length).toBeGreaterThan(10);
  }
});

test('any text is read or refused with a code', () => {
  const parts = ['public ', '<a>', ' = ', 'b', '|', '(', ')', '[', ']', '*', ';', '{', '/1/', '"'];
  const text = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 3 })));
  fc.assert(
    fc.property(text, (pieces) => {
      try {
        readGrammar(pieces.join(''));
      } catch (error) {
        if (!(error instanceof GrammarError)) throw error;
      }
    }),
  );
});
