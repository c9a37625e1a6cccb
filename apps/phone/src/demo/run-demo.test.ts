import { expect, test } from 'vitest';
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
