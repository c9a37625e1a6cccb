import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { UnrulyEngine, UnrulyOptions } from './__fixtures__/unruly-process.ts';
import { EngineHost, type EngineHostOptions } from './engine-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(): string {
  const path = join(folder, `trouble-${++files}`);
  writeFileSync(path, '');
  return path;
}

const never = new AbortController().signal;

function unruly(
  engineOptions: UnrulyOptions = {},
  options: Partial<EngineHostOptions> = {},
): EngineHost<UnrulyEngine> {
  const module = new URL('./__fixtures__/unruly-process.ts', import.meta.url);
  return new EngineHost<UnrulyEngine>({ name: 'Unruly', module, engineOptions, ...options });
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an engine answers, with its own time and the time in the queue', async () => {
  await using host = unruly();
  const samples = new Int16Array([1, -2, 3]).subarray(1);
  const { output, engineMs, queuedMs } = await host.request(
    'echo',
    { text: 'hello', samples },
    {},
    never,
  );
  expect(output).toEqual({ text: 'hello', samples: new Int16Array([-2, 3]) });
  expect(engineMs).toBeGreaterThanOrEqual(0);
  expect(queuedMs).toBeGreaterThan(0);
  expect(host.stats).toMatchObject({ up: true, starts: 1, crashed: 0, hung: 0, queued: 0 });
});

test('a stream gives its parts as they come, and then the answer', async () => {
  await using host = unruly();
  const stream = host.stream('count', { to: 3 }, {}, never);
  const parts: number[] = [];
  let next = await stream.next();
  while (!next.done) {
    parts.push(next.value);
    next = await stream.next();
  }
  expect(parts).toEqual([1, 2, 3]);
  expect(next.value.output).toBe('counted');
});

test('a crash is a restart and one repeated request', async () => {
  await using host = unruly();
  const answer = await host.request('crashOnce', { file: file() }, {}, never);
  expect(answer.output).toBe('well again');
  expect(host.stats).toMatchObject({ crashed: 1, repeated: 1, starts: 2 });
});

test('a hang is a restart and one repeated request', async () => {
  await using host = unruly();
  await host.start();
  const answer = await host.request('hangOnce', { file: file() }, { deadlineMs: 300 }, never);
  expect(answer.output).toBe('well again');
  expect(host.stats).toMatchObject({ hung: 1, crashed: 0, repeated: 1, starts: 2 });
});

test('a request that crashes the engine twice fails, and the next one is served', async () => {
  await using host = unruly();
  await expect(host.request('crash', undefined, {}, never)).rejects.toMatchObject({
    code: 'engine-crashed',
  });
  const { output } = await host.request('echo', { text: 'next' }, {}, never);
  expect(output).toEqual({ text: 'next' });
  expect(host.stats).toMatchObject({ crashed: 2, repeated: 1 });
});

test('a request that hangs the engine twice fails', async () => {
  await using host = unruly();
  await host.start();
  await expect(host.request('hang', undefined, { deadlineMs: 100 }, never)).rejects.toMatchObject({
    code: 'engine-hung',
  });
  expect(host.stats.hung).toBe(2);
});

test('a stream goes on after a crash without the parts that were delivered', async () => {
  await using host = unruly();
  const parts: number[] = [];
  const question = { to: 6, dieAt: 4, file: file() };
  for await (const part of host.stream('count', question, {}, never)) parts.push(part);
  expect(parts).toEqual([1, 2, 3, 4, 5, 6]);
  expect(host.stats).toMatchObject({ crashed: 1, repeated: 1 });
});

test('an engine killed from outside comes back, with nobody waiting for it', async () => {
  await using host = unruly();
  const { output: pid } = await host.request('pid', undefined, {}, never);
  process.kill(pid, 'SIGKILL');
  let { output: next } = await host.request('pid', undefined, {}, never);
  // The first request may still have reached the dying process, and then is repeated.
  if (next === pid) next = (await host.request('pid', undefined, {}, never)).output;
  expect(next).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
});

test('what waits behind a crash is served after it, in order', async () => {
  await using host = unruly();
  const done: string[] = [];
  const ask = async (text: string, work: Promise<unknown>) => {
    await work;
    done.push(text);
  };
  await Promise.all([
    ask('first', host.request('crashOnce', { file: file() }, { lane: 'a' }, never)),
    ask('second', host.request('echo', { text: '' }, { lane: 'b' }, never)),
    ask('third', host.request('echo', { text: '' }, { lane: 'c' }, never)),
  ]);
  expect(done).toEqual(['first', 'second', 'third']);
});

test('lanes take turns: one call cannot keep the engine from another', async () => {
  await using host = unruly();
  const done: string[] = [];
  const ask = async (lane: string) => {
    await host.request('echo', { text: lane }, { lane }, never);
    done.push(lane);
  };
  await Promise.all(['a', 'a', 'a', 'b'].map(ask));
  expect(done).toEqual(['a', 'b', 'a', 'a']);
});

test('aborting a waiting request takes it out of the queue', async () => {
  await using host = unruly();
  await host.start();
  const first = host.request('slow', { ms: 20 }, {}, never);
  const cancel = new AbortController();
  const second = host.request('echo', { text: '' }, {}, cancel.signal);
  const outcome = expect(second).rejects.toBe('changed my mind');
  cancel.abort('changed my mind');
  expect(host.stats.queued).toBe(0);
  await outcome;
  await first;
});

test('aborting the request at work stops the engine, which serves the next', async () => {
  await using host = unruly();
  await host.start();
  const cancel = new AbortController();
  const slow = host.request('slow', { ms: 60_000 }, {}, cancel.signal);
  const outcome = expect(slow).rejects.toBe('barge-in');
  cancel.abort('barge-in');
  await outcome;
  await host.request('echo', { text: '' }, {}, never);
  expect(host.stats).toMatchObject({ starts: 1, hung: 0 });
});

test('an engine that cannot stop is busy until it has finished what nobody wants', async () => {
  await using host = unruly();
  await host.start();
  const cancel = new AbortController();
  const deaf = host.request('deaf', { ms: 50 }, {}, cancel.signal);
  const outcome = expect(deaf).rejects.toBe('gone');
  cancel.abort('gone');
  await outcome;
  const { output } = await host.request('echo', { text: 'next' }, {}, never);
  expect(output).toEqual({ text: 'next' });
  expect(host.stats).toMatchObject({ starts: 1, crashed: 0 });
});

test('a signal that is already aborted asks nothing', async () => {
  await using host = unruly();
  const request = host.request('echo', { text: '' }, {}, AbortSignal.abort('no'));
  await expect(request).rejects.toBe('no');
  expect(host.stats.starts).toBe(0);
});

test('leaving a stream early cancels it', async () => {
  await using host = unruly();
  for await (const part of host.stream('count', { to: 1_000_000 }, {}, never)) {
    if (part === 2) break;
  }
  const { output } = await host.request('echo', { text: 'next' }, {}, never);
  expect(output).toEqual({ text: 'next' });
});

test('aborting a stream between two parts ends it with the reason', async () => {
  await using host = unruly();
  const cancel = new AbortController();
  const listen = async () => {
    for await (const part of host.stream('count', { to: 1_000_000 }, {}, cancel.signal)) {
      if (part === 2) cancel.abort('barge-in');
    }
  };
  await expect(listen()).rejects.toBe('barge-in');
});

test('the deadline of a stream starts anew with each part', async () => {
  await using host = unruly();
  await host.start();
  const { output } = await host.request('count', { to: 300 }, { deadlineMs: 250 }, never);
  expect(output).toBe('counted');
  expect(host.stats.hung).toBe(0);
});

test('an engine may refuse a request and go on', async () => {
  await using host = unruly();
  await expect(host.request('refuse', undefined, {}, never)).rejects.toMatchObject({
    code: 'engine-refused',
    message: 'not with me',
  });
  await expect(host.request('unknown' as 'pid', undefined, {}, never)).rejects.toThrow(
    "knows no 'unknown'",
  );
  expect(host.stats).toMatchObject({ starts: 1, crashed: 0 });
});

test('garbage on every channel is ignored', async () => {
  await using host = unruly();
  const { output } = await host.request('garbage', undefined, {}, never);
  expect(output).toBe('clean');
});

test.each([
  ['exit', 42],
  ['throw', 1],
] as const)('a start that ends in %s reports the exit code %i', async (start, exitCode) => {
  const module = new URL('./__fixtures__/unruly-process.ts', import.meta.url);
  const opening = EngineHost.open({ name: 'Unruly', module, engineOptions: { start } }, never);
  await expect(opening).rejects.toMatchObject({ code: 'engine-start-failed', exitCode });
});

test('a failed start says what the process said last', async () => {
  await using host = unruly({ start: 'throw' });
  await expect(host.start()).rejects.toThrow('bad model file');
});

test('a start that hangs is given up', async () => {
  await using host = unruly({ start: 'hang' }, { startDeadlineMs: 300 });
  await expect(host.start()).rejects.toMatchObject({ code: 'engine-start-failed', exitCode: null });
});

test('a missing process file is a failed start', async () => {
  const module = new URL('./__fixtures__/nowhere-process.ts', import.meta.url);
  const opening = EngineHost.open({ name: 'Nowhere', module }, never);
  await expect(opening).rejects.toMatchObject({ code: 'engine-start-failed', exitCode: 1 });
});

test('requests that wait for an engine that cannot start are rejected, not kept', async () => {
  await using host = unruly({ start: 'exit' });
  await expect(host.request('pid', undefined, {}, never)).rejects.toMatchObject({
    code: 'engine-start-failed',
    exitCode: 42,
  });
});

test('an engine that could not start is tried again', async () => {
  const trouble = file();
  await using host = unruly({ exitWhileThere: trouble }, { maxBackOffMs: 10 });
  await expect(host.start()).rejects.toMatchObject({ exitCode: 7 });
  rmSync(trouble);
  let answer: unknown = null;
  // A start that began before the file was gone fails once more.
  for (let tries = 0; tries < 5 && answer === null; tries++)
    answer = await host.request('echo', { text: 'back' }, {}, never).catch(() => null);
  expect(answer).toMatchObject({ output: { text: 'back' } });
});

test('aborting the opening ends the process', async () => {
  const module = new URL('./__fixtures__/unruly-process.ts', import.meta.url);
  const cancel = new AbortController();
  const options = { name: 'Unruly', module, engineOptions: { start: 'hang' } };
  const opening = EngineHost.open(options, cancel.signal);
  const outcome = expect(opening).rejects.toBe('shutdown');
  cancel.abort('shutdown');
  await outcome;
});

test('the queue is bounded', async () => {
  await using host = unruly({}, { maxQueued: 2 });
  const slow = host.request('slow', { ms: 20 }, {}, never);
  const waiting = host.request('echo', { text: '' }, {}, never);
  await expect(host.request('echo', { text: '' }, {}, never)).rejects.toMatchObject({
    code: 'engine-busy',
  });
  await Promise.all([slow, waiting]);
});

test('the wait in the queue is bounded', async () => {
  await using host = unruly({}, { maxWaitMs: 400 });
  await host.start();
  const cancel = new AbortController();
  const long = host.request('slow', { ms: 60_000 }, {}, cancel.signal);
  const outcome = expect(long).rejects.toBe('end');
  await expect(host.request('echo', { text: '' }, {}, never)).rejects.toMatchObject({
    code: 'engine-busy',
  });
  cancel.abort('end');
  await outcome;
});

test('disposing ends the process and rejects what is under way, twice without harm', async () => {
  const host = unruly();
  const { output: pid } = await host.request('pid', undefined, {}, never);
  const outcomes = Promise.all([
    expect(host.request('slow', { ms: 60_000 }, {}, never)).rejects.toMatchObject({
      code: 'engine-closed',
    }),
    expect(host.request('echo', { text: '' }, {}, never)).rejects.toMatchObject({
      code: 'engine-closed',
    }),
  ]);
  await host[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
  await outcomes;
  expect(isAlive(pid)).toBe(false);
  await expect(host.request('echo', { text: '' }, {}, never)).rejects.toMatchObject({
    code: 'engine-closed',
  });
});

test('several processes share one queue', async () => {
  await using host = unruly({}, { processes: 2 });
  const pids = await Promise.all([
    host.request('slow', { ms: 300 }, {}, never).then(() => 0),
    host.request('slow', { ms: 300 }, {}, never).then(() => 0),
    host.request('pid', undefined, {}, never).then(({ output }) => output),
  ]);
  expect(pids[2]).toBeGreaterThan(0);
  expect(host.stats.starts).toBe(2);
});

test('the engine sees nothing of our environment', async () => {
  await using host = unruly({}, { env: { ONLY: 'this' } });
  const { output } = await host.request('environment', undefined, {}, never);
  const { NODE_CHANNEL_FD: _fd, NODE_CHANNEL_SERIALIZATION_MODE: _mode, ...rest } = output;
  expect(rest).toEqual({ ONLY: 'this' });
});

test('signals to the whole process group leave the engine at work', async () => {
  await using host = unruly();
  expect((await host.request('interrupt', undefined, {}, never)).output).toBe('still here');
  expect((await host.request('echo', { text: 'on' }, {}, never)).output).toEqual({ text: 'on' });
  expect(host.stats.starts).toBe(1);
});

test('the engine ends when its parent is killed', async () => {
  const parent = fork(fileURLToPath(new URL('./__fixtures__/parent.ts', import.meta.url)), [], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [pid] = (await once(parent, 'message')) as [number];
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
});
