import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClauseSplitter } from './clauses.ts';

function split(...pieces: string[]): string[] {
  const splitter = new ClauseSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}

test('the first clause goes out early, the rest sentence by sentence', () => {
  expect(
    split('Sure, we can do that, no problem. We open at nine, and close at five. Bye!'),
  ).toEqual([
    'Sure, we can do that,',
    'no problem.',
    'We open at nine, and close at five.',
    'Bye!',
  ]);
});

test('a piece is complete only when something follows its end', () => {
  const splitter = new ClauseSplitter();
  expect(splitter.push('It costs $3.')).toEqual([]);
  expect(splitter.push('50 today. ')).toEqual(['It costs $3.50 today.']);
});

test('titles and abbreviations end no sentence', () => {
  expect(split('Dr. Lee is in, e.g. on Monday. Yes.')).toEqual([
    'Dr. Lee is in,',
    'e.g. on Monday.',
    'Yes.',
  ]);
});

test('a very long sentence is split at a comma', () => {
  const long = `First things first. ${'and so it goes on and on, '.repeat(12)}until it ends.`;
  expect(Math.max(...split(long).map(({ length }) => length))).toBeLessThan(230);
});

test('however the text comes, no word is lost, doubled or moved', () => {
  const words = fc.array(fc.stringMatching(/^[a-zA-Z0-9$]{1,8}[.,!?;:]?$/), { maxLength: 40 });
  fc.assert(
    fc.property(
      words,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (said, sizes) => {
        const text = said.join(' ');
        const pieces: string[] = [];
        for (let at = 0, piece = 0; at < text.length; piece++) {
          const size = sizes[piece % sizes.length] ?? 1;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(
          split(...pieces)
            .join(' ')
            .split(/\s+/)
            .filter(Boolean),
        ).toEqual(said);
      },
    ),
  );
});
