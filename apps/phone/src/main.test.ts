import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, 'main.ts');

/** The emulator's own process, as a server starts it. */
async function started() {
  const args = [MAIN, 'serve', '--port', '0', '--with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [, url = ''] = /"url":"([^"]+)"/.exec(String(line)) ?? [];
  return { child, ended, url };
}

test('it says where it listens, does not mind Ctrl-C, and ends with the pipe of its parent', async () => {
  const { child, ended, url } = await started();
  child.kill('SIGINT');
  expect((await fetch(url)).status).toBe(401);
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('SIGTERM ends it', async () => {
  const { child, ended } = await started();
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
