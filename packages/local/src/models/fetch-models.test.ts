import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { ModelServer } from './__fixtures__/model-server.ts';
import { type FetchEvent, type FetchOptions, fetchModels, missingModels } from './fetch-models.ts';
import { fromFileError } from './model-error.ts';
import { modelParts } from './model-files.ts';

const NAMES = { whisperModel: 'tiny.en', piperVoice: 'en_US-joe-medium' };
const FILES = modelParts(NAMES).flatMap(({ files }) => files);
const TOKENS = 'whisper-tiny.en/tiny.en-tokens.txt';
const ENCODER = 'whisper-tiny.en/tiny.en-encoder.int8.onnx';
const ENCODER_SIZE = 300_000;
const never = new AbortController().signal;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'earshot-models-'));
  folders.push(folder);
  return folder;
}

function bytes(name: string): Buffer {
  const size = name.endsWith(ENCODER.slice(-20)) ? ENCODER_SIZE : 100;
  return Buffer.alloc(size, `${name} `);
}

async function mirror(habits = {}): Promise<ModelServer> {
  const server = await ModelServer.open(habits);
  for (const { path: name } of FILES) server.files.set(name, bytes(name));
  return server;
}

async function hub(habits = {}): Promise<ModelServer> {
  const server = await ModelServer.open({ publishes: true, ...habits });
  for (const { path: name, hubPath } of FILES) server.files.set(hubPath, bytes(name));
  return server;
}

async function fetchFrom(
  options: Partial<FetchOptions> & { modelsDir: string },
  signal = never,
): Promise<FetchEvent[]> {
  const events: FetchEvent[] = [];
  const all = { ...NAMES, backOffMs: 1, ...options };
  await fetchModels(all, (event) => events.push(event), signal);
  return events;
}

const retries = (events: readonly FetchEvent[]) =>
  events.filter(({ type }) => type === 'retrying').length;

function expectWhole(modelsDir: string): void {
  for (const { path: name } of FILES)
    expect(readFileSync(path.join(modelsDir, name)).equals(bytes(name)), name).toBe(true);
  const all = readdirSync(modelsDir, { recursive: true }).map(String);
  expect(all.filter((name) => /part|etag|fetching/.test(name))).toEqual([]);
}

test('what is missing is fetched from a mirror, and not again', async () => {
  await using server = await mirror();
  const modelsDir = path.join(emptyFolder(), 'new', 'models');
  expect((await missingModels(modelsDir, NAMES)).map(({ folder }) => folder)).toEqual([
    'whisper-tiny.en',
    'piper-en_US-joe-medium',
    'espeak-ng-data',
  ]);
  await fetchFrom({ modelsDir, mirror: server.url });
  expectWhole(modelsDir);
  expect(await missingModels(modelsDir, NAMES)).toEqual([]);
  expect(await fetchFrom({ modelsDir, mirror: server.url })).toEqual([]);
  expect(server.requests).toHaveLength(FILES.length);
});

test('a mirror may lie under a path and want a query', async () => {
  await using server = await ModelServer.open();
  for (const { path: name } of FILES) server.files.set(`a b/models/${name}`, bytes(name));
  const modelsDir = emptyFolder();
  await fetchFrom({ modelsDir, mirror: new URL('a%20b/models/?key=1', server.url.href) });
  expectWhole(modelsDir);
});

test('the hub is asked for its own paths, and its digests are checked', async () => {
  await using server = await hub();
  const modelsDir = emptyFolder();
  await fetchFrom({ modelsDir, hub: server.url });
  expectWhole(modelsDir);
  expect(server.requests.map((request) => request.path)).toContain(
    'rhasspy/piper-voices/resolve/main/en/en_US/joe/medium/en_US-joe-medium.onnx',
  );
});

test("small files are checked by git's id, which the hub gives as their ETag", async () => {
  await using server = await hub({ publishes: false, etags: false });
  const modelsDir = emptyFolder();
  const { hubPath } = FILES.find((file) => file.path === TOKENS) ?? { hubPath: '' };
  const blob = Buffer.concat([Buffer.from('blob 100\0'), bytes(TOKENS)]);
  const etag = `"${createHash('sha1').update(blob).digest('hex')}"`;
  server.troubles.set(hubPath, [{ headers: { etag }, body: Buffer.alloc(100, 'x') }]);
  server.troubles.get(hubPath)?.push({ headers: { etag } });
  expect(retries(await fetchFrom({ modelsDir, hub: server.url }))).toBe(1);
  expectWhole(modelsDir);
});

test('a wrong digest is tried again, and in the end refused without leaving anything', async () => {
  await using server = await hub();
  const modelsDir = emptyFolder();
  const { hubPath } = FILES.find((file) => file.path === TOKENS) ?? { hubPath: '' };
  const wrong = { body: Buffer.alloc(100, 'x') };
  server.troubles.set(hubPath, [wrong]);
  expect(retries(await fetchFrom({ modelsDir, hub: server.url }))).toBe(1);
  const other = emptyFolder();
  server.troubles.set(hubPath, [wrong, wrong, wrong, wrong]);
  await expect(fetchFrom({ modelsDir: other, hub: server.url })).rejects.toMatchObject({
    code: 'model-corrupt',
  });
  expect(existsSync(path.join(other, TOKENS))).toBe(false);
  expect(existsSync(path.join(other, `${TOKENS}.part`))).toBe(false);
});

/** Breaks the connection once so many bytes have arrived. */
function breaking(server: ModelServer, ...at: readonly number[]): (event: FetchEvent) => void {
  const left = [...at];
  return (event) => {
    if (event.type !== 'received' || event.receivedBytes !== left[0]) return;
    left.shift();
    setImmediate(() => server.breakOff());
  };
}

test('a download that breaks goes on where it was', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  server.troubles.set(ENCODER, [{ stallAfter: 100_000 }, { stallAfter: 50_000 }]);
  const options = { ...NAMES, modelsDir, mirror: server.url, backOffMs: 1 };
  await fetchModels(options, breaking(server, 100_000, 150_000), never);
  expectWhole(modelsDir);
  const ranges = server.requests.filter((r) => r.path === ENCODER).map((r) => r.range);
  expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
});

test('progress earns another attempt, however often the connection breaks', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  server.troubles.set(ENCODER, Array(12).fill({ stallAfter: 20_000 }));
  const breaks = Array.from({ length: 12 }, (_, i) => (i + 1) * 20_000);
  const options = { ...NAMES, modelsDir, mirror: server.url, backOffMs: 1 };
  await fetchModels(options, breaking(server, ...breaks), never);
  expectWhole(modelsDir);
});

test('what was fetched before an abort is resumed by the next run', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  server.troubles.set(ENCODER, [{ stallAfter: 200_000 }]);
  const cancel = new AbortController();
  const options = { ...NAMES, modelsDir, mirror: server.url };
  const abort = (event: FetchEvent) => {
    if (event.type === 'received' && event.receivedBytes === 200_000)
      setImmediate(() => cancel.abort(new Error('stopped')));
  };
  await expect(fetchModels(options, abort, cancel.signal)).rejects.toThrow('stopped');
  expect(existsSync(path.join(modelsDir, '.fetching'))).toBe(false);
  await fetchFrom({ modelsDir, mirror: server.url });
  expectWhole(modelsDir);
  expect(server.requests.filter((r) => r.path === ENCODER).at(-1)?.range).toMatch(/^bytes=\d+-$/);
});

test.each([
  ['knows no ranges', { ranges: false }],
  ['gives no ETags', { etags: false }],
])('a server that %s is asked from the start', async (_, habits) => {
  await using server = await mirror(habits);
  const modelsDir = emptyFolder();
  server.troubles.set(ENCODER, [{ stallAfter: 100_000 }]);
  const options = { ...NAMES, modelsDir, mirror: server.url, backOffMs: 1 };
  await fetchModels(options, breaking(server, 100_000), never);
  expectWhole(modelsDir);
});

test('a file that changes in the middle is taken from the start', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  const old = Buffer.alloc(ENCODER_SIZE, 'old');
  server.troubles.set(ENCODER, [{ body: old, stallAfter: 100_000, headers: { etag: '"old"' } }]);
  const options = { ...NAMES, modelsDir, mirror: server.url, backOffMs: 1 };
  await fetchModels(options, breaking(server, 100_000), never);
  expectWhole(modelsDir);
});

test.each([
  ['is complete', ENCODER_SIZE],
  ['is longer than the file', ENCODER_SIZE + 5],
])('a part that %s, with nothing left to ask for, is taken anew', async (_, size) => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  await mkdir(path.join(modelsDir, 'whisper-tiny.en'));
  const etag = createHash('sha256').update(bytes(ENCODER)).digest('hex').slice(0, 12);
  await writeFile(path.join(modelsDir, `${ENCODER}.part`), Buffer.alloc(size, 'x'));
  await writeFile(path.join(modelsDir, `${ENCODER}.part.etag`), `"${etag}"`);
  expect(retries(await fetchFrom({ modelsDir, mirror: server.url }))).toBe(0);
  expectWhole(modelsDir);
});

test('a host that goes silent counts as gone, and is asked again', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  server.troubles.set(ENCODER, [{ stallAfter: 1000 }]);
  const events = await fetchFrom({ modelsDir, mirror: server.url, stallMs: 50 });
  expect(retries(events)).toBe(1);
  expectWhole(modelsDir);
});

test('what differs from the first download is refused until its pin is deleted', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  await fetchFrom({ modelsDir, mirror: server.url });
  rmSync(path.join(modelsDir, TOKENS));
  server.files.set(TOKENS, Buffer.alloc(100, 'changed'));
  await expect(fetchFrom({ modelsDir, mirror: server.url })).rejects.toMatchObject({
    code: 'model-changed',
    message: expect.stringContaining('models.lock.json'),
  });
  expect(existsSync(path.join(modelsDir, TOKENS))).toBe(false);
});

test('a file that is not as long as it was counts as missing', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  await fetchFrom({ modelsDir, mirror: server.url });
  await writeFile(path.join(modelsDir, TOKENS), 'cut');
  const [part] = await missingModels(modelsDir, NAMES);
  expect(part?.files.map((file) => file.path)).toEqual([TOKENS]);
  await fetchFrom({ modelsDir, mirror: server.url });
  expectWhole(modelsDir);
});

test('a lock file that cannot be read is not overwritten', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  await writeFile(path.join(modelsDir, 'models.lock.json'), '{"files": 7}');
  await expect(fetchFrom({ modelsDir, mirror: server.url })).rejects.toMatchObject({
    code: 'model-changed',
  });
  expect(readFileSync(path.join(modelsDir, 'models.lock.json'), 'utf8')).toBe('{"files": 7}');
});

test.each([
  [404, 'model-not-found', 1],
  [401, 'models-refused', 1],
  [403, 'models-refused', 1],
  [503, 'models-refused', 4],
  [429, 'models-refused', 4],
])('a host that answers %i: %s after %i attempts', async (status, code, attempts) => {
  await using server = await mirror();
  server.troubles.set(ENCODER, Array(9).fill({ status }));
  const wanted = { modelsDir: emptyFolder(), mirror: server.url };
  await expect(fetchFrom(wanted)).rejects.toMatchObject({ code });
  expect(server.requests).toHaveLength(attempts);
});

test('an unreachable host is a coded error, after some attempts', async () => {
  const server = await mirror();
  const { url } = server;
  await server[Symbol.asyncDispose]();
  const wanted = { modelsDir: emptyFolder(), mirror: url };
  await expect(fetchFrom(wanted)).rejects.toMatchObject({ code: 'models-unreachable' });
});

test('redirects are followed within http, and published digests come along', async () => {
  await using store = await ModelServer.open({ etags: false });
  await using server = await hub();
  for (const { path: name, hubPath } of FILES) {
    store.files.set(name, bytes(name));
    const location = new URL(name, store.url.href).href;
    server.troubles.set(hubPath, [{ status: 302, headers: { location } }]);
  }
  store.troubles.set(TOKENS, [{ body: Buffer.alloc(100, 'x') }]);
  const modelsDir = emptyFolder();
  expect(retries(await fetchFrom({ modelsDir, hub: server.url }))).toBe(1);
  expectWhole(modelsDir);
  expect(store.requests.length).toBeGreaterThanOrEqual(FILES.length);
});

test.each(['ftp://example.test/x', 'file:///etc/passwd', 'http://[bad'])(
  'a redirect to %j is not followed',
  async (location) => {
    await using server = await mirror();
    server.troubles.set(ENCODER, [{ status: 302, headers: { location } }]);
    const wanted = { modelsDir: emptyFolder(), mirror: server.url };
    await expect(fetchFrom(wanted)).rejects.toMatchObject({
      code: expect.stringMatching(/^models?-/),
    });
    expect(server.requests.filter((r) => r.path === ENCODER).length).toBeLessThanOrEqual(6);
  },
);

test('two who fetch at once bring each file once', async () => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  const both = [1, 2].map(() => fetchFrom({ modelsDir, mirror: server.url }));
  const events = (await Promise.all(both)).flat();
  expectWhole(modelsDir);
  expect(server.requests).toHaveLength(FILES.length);
  expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
});

test.each([
  ['of a process that ended', os.hostname(), 4_194_305, 0],
  ['of another machine without a sign of life', 'elsewhere', 1, 60_000],
])('the lock %s is taken over', async (_, host, pid, ageMs) => {
  await using server = await mirror();
  const modelsDir = emptyFolder();
  const lock = path.join(modelsDir, '.fetching');
  await writeFile(lock, JSON.stringify({ host, pid, id: 'x' }));
  const then = new Date(Date.now() - ageMs);
  await utimes(lock, then, then);
  await fetchFrom({ modelsDir, mirror: server.url });
  expectWhole(modelsDir);
});

test('a folder that cannot be made or written is a coded error', async () => {
  await using server = await mirror();
  const file = path.join(emptyFolder(), 'file');
  await writeFile(file, '');
  await expect(fetchFrom({ modelsDir: file, mirror: server.url })).rejects.toMatchObject({
    code: 'models-not-writable',
  });
  const closed = emptyFolder();
  chmodSync(closed, 0o500);
  // For root every folder can be written.
  if (process.getuid?.() === 0) return;
  await expect(fetchFrom({ modelsDir: closed, mirror: server.url })).rejects.toMatchObject({
    code: 'models-not-writable',
  });
});

test.each([
  ['../../etc', 'en_US-joe-medium'],
  ['', 'en_US-joe-medium'],
  ['tiny.en', '../x'],
  ['tiny.en', 'joe'],
  ['tiny.en', 'de_DE-thorsten-medium'],
])(
  'Whisper %j and Piper %j are refused before anything is asked',
  async (whisperModel, piperVoice) => {
    await using server = await mirror();
    const options = { modelsDir: emptyFolder(), mirror: server.url, whisperModel, piperVoice };
    await expect(fetchFrom(options)).rejects.toMatchObject({ code: 'model-name-unknown' });
    expect(server.requests).toEqual([]);
  },
);

test('the standard variables name a proxy', async () => {
  await using server = await mirror();
  const asked: string[] = [];
  const proxy = createServer(({ url = '', headers }, response) => {
    asked.push(url);
    get(url, { headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv('no_proxy', '');
  try {
    const modelsDir = emptyFolder();
    await fetchFrom({ modelsDir, mirror: server.url });
    expectWhole(modelsDir);
    expect(asked).toContain(new URL(TOKENS, server.url.href).href);
  } finally {
    vi.unstubAllEnvs();
    proxy.closeAllConnections();
    proxy.close();
  }
});

test.each([
  ['ENOSPC', 'models-disk-full'],
  ['EDQUOT', 'models-disk-full'],
  ['EROFS', 'models-not-writable'],
])('%s of the file system is %s', (code, ours) => {
  const error = Object.assign(new Error('write failed'), { code });
  expect(fromFileError(error, '/models')).toMatchObject({ code: ours, cause: error });
});
