import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readWav } from '@earshot/audio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallRecorder } from './call-recorder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-recorder-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tone = new Int16Array(160).map((_, i) => (i % 2 ? 4_000 : -4_000));
const quiet = new Int16Array(160);

test('the left channel is the caller, the right one the agent as heard', async () => {
  const file = path.join(folder, 'call.wav');
  const recorder = new CallRecorder(file);
  recorder.observe({ type: 'answered', atMs: 0, callSid: 'CA1' });
  recorder.observe({ type: 'stream-started', atMs: 40, streamSid: 'MZ1' });
  for (let i = 0; i < 50; i += 1) {
    const agent = i >= 10 && i < 30 ? tone : quiet;
    recorder.observe({ type: 'frame', atMs: i * 20, caller: i >= 40 ? tone : quiet, agent });
  }
  recorder.observe({ type: 'clear', atMs: 600, droppedMs: 120 });
  recorder.observe({
    type: 'call-ended',
    atMs: 1_000,
    outcome: { reason: 'agent-hung-up', detail: '' },
  });
  const recording = await recorder.finish();
  const { samples, sampleRate } = readWav(await readFile(file));
  expect(sampleRate).toBe(8_000);
  expect(samples.map((channel) => channel.length)).toEqual([8_000, 8_000]);
  expect(samples[0]?.findIndex((sample) => sample !== 0)).toBe(40 * 160);
  expect(samples[1]?.findIndex((sample) => sample !== 0)).toBe(10 * 160);
  expect(recording).toMatchObject({
    callSid: 'CA1',
    durationMs: 1_000,
    streamStartedMs: 40,
    agentStretches: [{ startMs: 200, endMs: 600 }],
    clears: [{ atMs: 600, droppedMs: 120 }],
    outcome: { reason: 'agent-hung-up' },
  });
  expect(recording.peaks.agent).toHaveLength(50);
});

test('short holes are speech, single frames are clicks', async () => {
  await using recorder = new CallRecorder(path.join(folder, 'holes.wav'));
  // Sound in frames 0–4, 15–19 (200 ms later), a click in 60.
  for (let i = 0; i < 80; i += 1) {
    const sounds = i < 5 || (i >= 15 && i < 20) || i === 60;
    recorder.observe({ type: 'frame', atMs: i * 20, caller: quiet, agent: sounds ? tone : quiet });
  }
  expect((await recorder.finish()).agentStretches).toEqual([{ startMs: 0, endMs: 400 }]);
});

test('a call that was never answered is told as failed, and finished leaves an empty file', async () => {
  const file = path.join(folder, 'empty.wav');
  const recorder = new CallRecorder(file);
  expect(await recorder.finish()).toMatchObject({ callSid: null, outcome: { reason: 'failed' } });
  expect(readWav(await readFile(file)).samples[0]).toHaveLength(0);
});

test('without a frame nothing is written', async () => {
  const file = path.join(folder, 'never/call.wav');
  {
    await using _recorder = new CallRecorder(file);
  }
  expect(existsSync(path.dirname(file))).toBe(false);
});
