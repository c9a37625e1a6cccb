import { durationMs } from '@earshot/audio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../__fixtures__/real-models.ts';
import { FliteSynthesizer } from './flite-synthesizer.ts';

const never = new AbortController().signal;
let speaker: FliteSynthesizer;
beforeAll(async () => {
  speaker = await FliteSynthesizer.open({ voice: 'slt' }, never);
});
afterAll(() => speaker[Symbol.asyncDispose]());

test('speech comes in frames of 20 to 100 ms, all of one rate', async () => {
  const frames = await collect(speaker.synthesize('Hello. How can I help you today?', never));
  expect(new Set(frames.map(({ sampleRate }) => sampleRate))).toEqual(new Set([16_000]));
  const lengths = frames.map(durationMs);
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
  expect(speaker.voice).toBe('flite slt');
});

test('aborting stops the speech, and the next is spoken by the same process', async () => {
  const cancel = new AbortController();
  const stream = speaker.forCall('a').synthesize('Hello. '.repeat(200), cancel.signal);
  await expect(async () => {
    for await (const _frame of stream) cancel.abort(new Error('barge-in'));
  }).rejects.toThrow('barge-in');
  const next = await collect(speaker.forCall('b').synthesize('Yes?', never));
  expect(next.length).toBeGreaterThan(2);
  expect(speaker.stats.starts).toBe(1);
});

test('whoever stops listening early leaves the engine free', async () => {
  for await (const _frame of speaker.synthesize('One. Two. Three.', never)) break;
  expect(await collect(speaker.synthesize('...', never))).toEqual([]);
});
