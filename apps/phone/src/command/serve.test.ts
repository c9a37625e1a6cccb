import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCommand } from './run-command.ts';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT}:token`).toString('base64')}`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-serve-'));
  await writeFile(path.join(folder, 'who.yaml'), 'default: busy\n');
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs until `stop`; `first` is the first line that it prints. */
function serving(...args: string[]) {
  const first = Promise.withResolvers<string>();
  const lines: string[] = [];
  const complaints: string[] = [];
  const stopping = new AbortController();
  const parent = new AbortController();
  const terminal = {
    accountSid: ACCOUNT,
    authToken: 'token',
    folder,
    environment: {},
    write: (line: string) => {
      lines.push(line);
      first.resolve(line);
    },
    complain: (line: string) => complaints.push(line),
    parentGone: () => parent.signal,
  };
  const ended = runCommand(['serve', '--port', '0', ...args], terminal, stopping.signal);
  return { first: first.promise, lines, complaints, ended, stopping, parent };
}

const Listening = z.strictObject({
  event: z.literal('listening'),
  url: z.url(),
  accountSid: z.literal(ACCOUNT),
  numbers: z.array(z.string()),
});

test('the first line is for machines, the others for people; stopping it is no failure', async () => {
  const { first, lines, ended, stopping } = serving('--callee', 'busy', '--speed', '100');
  const { url, numbers } = Listening.parse(JSON.parse(await first));
  const address = `${url}/2010-04-01/Accounts/${ACCOUNT}/Calls.json`;
  const body = new URLSearchParams({
    To: '+12025550142',
    From: numbers[0] ?? '',
    Twiml: '<Response/>',
  });
  const headers = { authorization: AUTHORIZATION };
  const answer = await fetch(address, { method: 'POST', headers, body });
  expect(answer.status).toBe(201);
  expect(lines[1]).toContain(`TWILIO_API_BASE_URL=${url}`);
  stopping.abort();
  expect(await ended).toBe(0);
  expect(lines.join('\n')).not.toContain('0142');
  await expect(fetch(address, { headers })).rejects.toThrow();
});

test('with a parent it says one line, and ends with its parent', async () => {
  const { first, lines, ended, parent } = serving('--with-parent', '--callees', 'who.yaml');
  await first;
  parent.abort();
  expect(await ended).toBe(0);
  expect(lines).toHaveLength(1);
});

test.each([
  [['--callee', 'nobody'], 2, /no scenario "nobody"/],
  [['--callees', 'nowhere.yaml'], 2, /nowhere\.yaml cannot be read/],
  [['--trouble', 'rain'], 1, /no trouble "rain"; there are late/],
])('serve %j ends with %i and what is wrong', async (args, code, told) => {
  const { ended, complaints } = serving(...args);
  expect(await ended).toBe(code);
  expect(complaints.join()).toMatch(told);
});

test('a port that is taken: what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { ended, complaints } = serving('--port', port);
  expect(await ended).toBe(1);
  expect(complaints.join()).toMatch(/choose another --port/);
  await new Promise((resolve) => taken.close(resolve));
});
