import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FakeCarrier } from './carrier.fake.ts';
import { DEVELOPMENT_AUTH_TOKEN } from './config/carrier.ts';

const MAIN = resolve(import.meta.dirname, 'main.ts');
const MODELS = resolve(import.meta.dirname, 'models.ts');

/** Engines that every machine has, and that start fast. */
const SMALL = {
  MODELS_DIR: tmpdir(),
  MODELS_DOWNLOAD: 'never',
  RECOGNIZER: 'small',
  SYNTHESIZER: 'small',
  VOICE_DETECTOR: 'energy',
  END_OF_TURN: 'none',
  LANGUAGE_MODEL: 'front-desk',
  PORT: '0',
  DATABASE_URL: 'memory:',
  EMULATOR: 'never',
};

let child: ChildProcess | undefined;

afterEach(() => child?.kill('SIGKILL'));

/** The server's own process. `says` resolves once it has printed this. */
function run(env: Record<string, string>, command = [MAIN]) {
  const server = spawn(process.execPath, command, {
    env,
  });
  child = server;
  let printed = '';
  let news = Promise.withResolvers<void>();
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text: Buffer) => {
      printed += text;
      news.resolve();
      news = Promise.withResolvers();
    });
  const says = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(printed);
      if (found) return found[1] ?? found[0];
      await news.promise;
    }
  };
  const ended = once(server, 'exit').then(([code, signal]) => ({ code, signal }));
  return { server, says, ended, printed: () => printed };
}

test('the process tells what it uses, answers, lets a call end when told to stop, and ends by itself', async () => {
  const { server, says, ended, printed } = run(SMALL);
  const base = await says(/listens at (\S+)/);
  for (const part of [
    'recognizer',
    'synthesizer',
    'voice detector',
    'end of turn',
    'language model',
  ])
    expect(printed()).toContain(part);
  const carrier = new FakeCarrier(base, DEVELOPMENT_AUTH_TOKEN);
  await using stream = await carrier.call('CA1');
  await stream.hears(500);
  server.kill('SIGTERM');
  const notReady = async () => (await fetch(`${base}health/ready`)).status !== 503;
  while (await notReady());
  stream.stop();
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('a second signal ends the process at once', async () => {
  const { server, says, ended } = run(SMALL);
  const base = await says(/listens at (\S+)/);
  const carrier = new FakeCarrier(base, DEVELOPMENT_AUTH_TOKEN);
  await using stream = await carrier.call('CA1');
  await stream.hears(500);
  server.kill('SIGINT');
  const notReady = async () => (await fetch(`${base}health/ready`)).status !== 503;
  while (await notReady());
  server.kill('SIGTERM');
  expect(await ended).toEqual({ code: 143, signal: null });
});

test.each([
  [{ PORT: 'x', GRACE_MS: 'y' }, /PORT: [\s\S]*GRACE_MS: |GRACE_MS: [\s\S]*PORT: /],
  [{ RECEPTIONIST: '/nowhere.yaml' }, /nowhere\.yaml cannot be read/],
  [{ RECOGNIZER: 'whisper' }, /No recognizer: /],
])('with %o it says what is wrong and ends', async (env, told) => {
  const { ended, printed } = run({ ...SMALL, ...env });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(printed()).toMatch(told);
  expect(printed()).not.toMatch(/^\s+at /m);
});

test('--help tells the usage and starts nothing', async () => {
  const { ended, printed } = run(SMALL, [MAIN, '--help']);
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(printed()).toMatch(/npm start[\s\S]*TWILIO_AUTH_TOKEN[\s\S]*docs\/configuration\.md/);
  expect(printed()).not.toContain('listens at');
});

test.each([
  [MAIN, '--bogus'],
  [MAIN, 'bogus'],
  [MODELS, '--bogus'],
])('%s %s is a wrong command line', async (...command) => {
  const { ended, printed } = run(SMALL, command);
  expect(await ended).toEqual({ code: 2, signal: null });
  expect(printed()).toContain('bogus');
});

test('a port that is taken: it says which to take instead, before anything is made', async () => {
  await using taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const dataDir = join(tmpdir(), `earshot-main-${randomUUID()}`);
  const embedded = { DATABASE_URL: '', DATA_DIR: dataDir };
  const { ended, printed } = run({ ...SMALL, ...embedded, PORT: String(port) });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(printed()).toMatch(new RegExp(`^Port ${port} is in use: PORT=\\d+ npm start$`, 'm'));
  expect(existsSync(dataDir)).toBe(false);
});

test('an address of another machine: it says which to take instead', async () => {
  const { ended, printed } = run({ ...SMALL, HOST: '192.0.2.1' });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(printed()).toMatch(
    /^192\.0\.2\.1 is no address of this machine: HOST=0\.0\.0\.0 npm start/m,
  );
});

test('with nothing configured an emulator comes along, connects a call, and ends with the server', async () => {
  const { server, says, ended, printed } = run({ ...SMALL, EMULATOR: 'auto' });
  const base = await says(/listens at (\S+)/);
  const response = await fetch(`${base}calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone_number: '+12025550110' }),
  });
  expect(response.status).toBe(201);
  const { call_id } = (await response.json()) as { call_id: string };
  const result = await fetch(`${base}calls/${call_id}/result?wait=50`);
  expect(await result.json()).toMatchObject({
    status: 'busy',
    outcome: { blame: 'callee', reason: 'busy' },
  });
  expect(printed()).toMatch(/curl -X POST http:\/\/localhost:\d+\/calls/);
  server.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});
