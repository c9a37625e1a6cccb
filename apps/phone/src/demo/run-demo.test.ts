import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoOptions } from './demo-options.ts';
import { runDemo } from './run-demo.ts';

const world = { environment: {}, write: () => {} };
const { signal } = new AbortController();

async function demo(...args: string[]): Promise<unknown> {
  const options = demoOptions(args, '/nowhere');
  return options && runDemo(options, world, signal);
}

test.each(['nosuch', 'nosuch.yaml'])('--scenario %s: which scenarios there are', async (name) => {
  await expect(demo('--scenario', name)).rejects.toMatchObject({
    code: 'no-scenario',
    message: expect.stringMatching(/There is no scenario ".*nosuch.*demo/),
  });
});

test('--out where nothing can be written: what to do, before a server is started', async () => {
  await expect(demo('--out', '/proc/earshot')).rejects.toMatchObject({ code: 'cannot-write' });
});

test('stopped during its start it leaves nothing of a former run that could pass for its own', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'earshot-demo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['call.wav', 'report.json', 'report.html', 'mine.txt'])
    await writeFile(path.join(folder, name), 'of a former run');
  const options = demoOptions(['--out', folder], '/nowhere');
  const stopped = AbortSignal.abort();
  await expect(options && runDemo(options, world, stopped)).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['mine.txt']);
});
