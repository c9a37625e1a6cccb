import { expect, test } from 'vitest';
import { bisect } from './bisect.ts';

async function search(guess: number, most: number) {
  const probed: number[] = [];
  const found = await bisect(guess, async (number) => {
    probed.push(number);
    return number <= most ? number : null;
  });
  return { found, probed };
}

test.each([
  [400, 350],
  [400, 600],
  [60, 68],
  [100, 40],
])('from a guess of %i finds nearly %i in six probes', async (guess, most) => {
  const { found, probed } = await search(guess, most);
  expect(found).toBeLessThanOrEqual(most);
  expect(found).toBeGreaterThan(most * 0.88);
  expect(probed.length).toBeLessThanOrEqual(6);
});

test('nothing passes where nothing can', async () => {
  expect((await search(10, 0)).found).toBeNull();
  expect((await search(1, 0)).probed).toEqual([1]);
});

test('one is found where two are too many', async () => {
  expect((await search(4, 1)).found).toBe(1);
});
