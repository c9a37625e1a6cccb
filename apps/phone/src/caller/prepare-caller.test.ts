import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WavWriter } from '@earshot/audio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseScenario } from './parse-scenario.ts';
import { prepareCaller, recordedVoice } from './prepare-caller.ts';
import type { ScriptedCaller } from './scripted-caller.ts';

const QUIET = new Int16Array(160);
const signal = AbortSignal.timeout(20_000);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-caller-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** One second of a tone at 16 kHz. */
async function writeTone(name: string): Promise<void> {
  const bytes: Uint8Array[] = [];
  const sink = {
    write(part: Uint8Array, position: number) {
      if (position > 0 || bytes.length === 0) bytes.push(part);
    },
  };
  const writer = new WavWriter(sink, { sampleRate: 16_000, channels: 1, encoding: 'pcm16' });
  const tone = Int16Array.from({ length: 16_000 }, (_, i) => 2_000 * Math.sin(i / 5));
  await writer.write(tone);
  await writer.close();
  await writeFile(path.join(folder, name), Buffer.concat(bytes));
}

const recordings = () => recordedVoice(folder);

async function prepared(yaml: string): Promise<ScriptedCaller> {
  const scenario = parseScenario(`scenario: x\n${yaml}`, 'x.yaml');
  return prepareCaller(scenario, { voice: recordings(), folder }, signal);
}

function saidBy(caller: ScriptedCaller): readonly [string, number][] {
  for (let atMs = 0; atMs < 10_000; atMs += 20) caller.tick(QUIET, atMs);
  return caller.spoken.map(({ said, startMs, endMs }) => [said, endMs - startMs]);
}

test('recordings play at the line’s rate and are reported by their words', async () => {
  await writeTone('a.wav');
  const caller = await prepared('steps:\n  - say: {wav: a.wav, sayAs: ten of clubs}');
  expect(saidBy(caller)).toEqual([['ten of clubs', 1_000]]);
});

test('a voice of recordings finds the file named after the words', async () => {
  await writeTone('yes-that-s-right.wav');
  const caller = await prepared("steps:\n  - say: Yes, that's right!");
  expect(saidBy(caller)).toEqual([["Yes, that's right!", 1_000]]);
});

test('a turn in parts is one turn with its pauses', async () => {
  await writeTone('five.wav');
  const caller = await prepared('steps:\n  - say: {parts: [five, five], pauseMs: 500}');
  expect(saidBy(caller)).toEqual([['five … five', 2_500]]);
});

test('a missing recording is told by its path before the call', async () => {
  await expect(prepared('steps:\n  - say: {wav: nowhere.wav}')).rejects.toThrow(/nowhere\.wav/);
});

test('background noise sounds while the caller is silent', async () => {
  const caller = await prepared('background: {noise: pink, levelDb: -20}\nsteps: [{silent: 1}]');
  expect(caller.tick(QUIET, 0).samples?.some((sample) => sample !== 0)).toBe(true);
});

test('a recorded background is played in a loop', async () => {
  await writeTone('room.wav');
  const caller = await prepared('background: {wav: room.wav}\nsteps: [{silent: 5}]');
  const late = Array.from({ length: 200 }, (_, i) => caller.tick(QUIET, i * 20).samples).at(-1);
  expect(late?.some((sample) => sample !== 0)).toBe(true);
});
