import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { fetchFirstModels } from './first-models.ts';

const never = new AbortController().signal;
let folder: string;
let printed: string[];
let asked: string[];
let base: string;
const mirror = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url?.startsWith('/silent')) return;
  response.setHeader('content-length', 4).end('data');
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-models-'));
  printed = [];
  asked = [];
  mirror.listen(0, '127.0.0.1');
  await once(mirror, 'listening');
  base = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
});

afterEach(async () => {
  mirror.closeAllConnections();
  mirror.close();
  await once(mirror, 'close');
  await rm(folder, { recursive: true, force: true });
});

async function first(env: Record<string, string>, patienceMs = 5_000): Promise<void> {
  const config = loadConfig({ MODELS_DIR: folder, MODELS_URL: base, ...env });
  const screen = { write: (text: string) => printed.push(text) };
  await fetchFirstModels(config, screen, never, patienceMs);
}

test('the first start fetches what is missing, and the second has it', async () => {
  await first({});
  expect(printed.join('')).toContain(`Fetching models into ${folder}, once.`);
  expect(printed.join('')).toMatch(/whisper-tiny\.en\/tiny\.en-tokens\.txt .*checked/);
  expect(asked).toContain('/piper-en_US-lessac-medium/en_US-lessac-medium.onnx');
  printed = [];
  await first({});
  expect(printed).toEqual([]);
});

test.each([
  [{ MODELS_DOWNLOAD: 'never' }],
  [{ RECOGNIZER: 'small', SYNTHESIZER: 'small' }],
  [{ WHISPER_CPP_URL: 'http://127.0.0.1:1', PIPER_URL: 'http://127.0.0.1:1' }],
])('with %o nothing is fetched', async (env) => {
  await first(env);
  expect(asked).toEqual([]);
});

test('without network one line says what is missing and where it belongs', async () => {
  await first({ MODELS_URL: 'http://127.0.0.1:9', SYNTHESIZER: 'small' });
  expect(printed.at(-1)).toMatch(/^Missing .*Whisper tiny\.en.*MODELS_URL.*\n$/);
  expect(printed.at(-1)).toContain(folder);
});

test('a host that says nothing is not waited for', async () => {
  await first({ MODELS_URL: `${base}/silent` }, 50);
  expect(printed.at(-1)).toContain('(no answer)');
});

test('a voice that is not fetched is told, and the start goes on', async () => {
  await first({ PIPER_VOICE: 'de_DE-thorsten-medium' });
  expect(printed.join('')).toContain('going on with what there is');
});
