import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readText } from './read-text.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-text-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const written = async (bytes: Buffer) => {
  await writeFile(join(folder, 'a.yaml'), bytes);
  return readText(join(folder, 'a.yaml'));
};

test('a text in UTF-8 is read, without the mark that some editors put before it', async () => {
  expect(await written(Buffer.from('\uFEFFKöhler’s'))).toBe('Köhler’s');
});

test.each([
  ['not UTF-8', () => written(Buffer.from('Köhler', 'latin1')), 'it is not UTF-8'],
  ['not there', () => readText(join(folder, 'b.yaml')), 'there is no such file'],
  ['a folder', () => readText(folder), 'it is a folder'],
])('what is %s is refused with the reason', async (_, reading, reason) => {
  await expect(reading()).rejects.toMatchObject({
    code: 'unreadable',
    message: expect.stringContaining(reason),
  });
});
