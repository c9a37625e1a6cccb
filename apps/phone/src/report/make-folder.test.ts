import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFolder, FolderError, makeFolder } from './make-folder.ts';

let base = '';
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'earshot-folder-'));
});
afterAll(() => rm(base, { recursive: true }));

test('a folder is made with those above it, and may be there already', async () => {
  const folder = path.join(base, 'a/b/c');
  expect(await makeFolder(folder)).toHaveLength(3);
  expect(await makeFolder(folder)).toEqual([]);
});

test('finding out leaves nothing', async () => {
  await checkFolder(path.join(base, 'x/y'));
  expect(existsSync(path.join(base, 'x'))).toBe(false);
});

test.each(['/proc/earshot/out', '/proc/earshot'])('%s is refused at once', async (folder) => {
  await expect(checkFolder(folder)).rejects.toThrow(FolderError);
});

test('a file is no folder, nor a way to one', async () => {
  const file = path.join(base, 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toThrow(/choose another --out/);
  await expect(makeFolder(path.join(file, 'below'))).rejects.toThrow(FolderError);
});
