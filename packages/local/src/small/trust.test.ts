import { expect, test } from 'vitest';
import { trust } from './trust.ts';
import { fitOf, type HeardWord } from './word-scores.ts';

const word = (text: string, frames: number, perFrame: number): HeardWord => ({
  word: text,
  frames,
  score: frames * perFrame,
});

function trustIn(...heard: readonly HeardWord[]): number {
  const fit = fitOf(heard);
  if (!fit) throw new Error('no words');
  return trust(fit, true);
}

test('words that fit are trusted, and each that does not takes from it', () => {
  const fits = [word('my', 20, -20), word('name', 30, -18), word('is', 20, -22)];
  expect(trustIn(...fits)).toBeGreaterThan(0.9);
  expect(trustIn(...fits, word('john', 40, -90))).toBeLessThan(0.5);
});

test('speech that ended up in silence takes from it', () => {
  const heard = [word('my', 20, -30), word('name', 30, -30), word('is', 20, -30)];
  const quiet = trustIn(...heard, word('<sil>', 60, -15));
  expect(trustIn(...heard, word('<sil>', 60, -80))).toBeLessThan(quiet);
});

test('a sentence that is broken off has to fit better', () => {
  const fit = fitOf([word('my', 20, -40), word('name', 30, -40)]);
  if (!fit) throw new Error('no words');
  expect(trust(fit, false)).toBeLessThan(trust(fit, true));
});

test('a word longer than any is not one', () => {
  expect(trustIn(word('uh', 200, -1))).toBe(0);
});

test('silence alone has no fit', () => {
  expect(fitOf([word('<sil>', 50, -10), word('[NOISE]', 10, -10)])).toBeNull();
  expect(fitOf([])).toBeNull();
});
