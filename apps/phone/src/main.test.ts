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
  return { child, ended, url, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

test('it says where it listens, does not mind Ctrl-C, and ends with the pipe of its parent', async () => {
  using emulator = await started();
  const { child, ended, url } = emulator;
  child.kill('SIGINT');
  expect((await fetch(url)).status).toBe(401);
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('SIGTERM ends it', async () => {
  using emulator = await started();
  const { child, ended } = emulator;
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
