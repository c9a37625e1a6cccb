import { type AudioFrame, durationMs, levelDbfs, peak } from '@earshot/audio';
import { beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../__fixtures__/real-models.ts';
import { FLITE_VOICES, Flite, type FliteVoice, sayable } from './flite.ts';

let flite: Flite;
beforeAll(async () => {
  flite = await Flite.load();
});

async function speak(text: string, voice: FliteVoice = 'rms'): Promise<AudioFrame[]> {
  return collect(flite.speak(text, voice));
}

const lengthMs = (frames: readonly AudioFrame[]): number =>
  frames.reduce((sum, frame) => sum + durationMs(frame), 0);

describe.each(FLITE_VOICES)('%s', (voice) => {
  test('speaks at one level, without clipping, between short silences', async () => {
    const [speech] = await speak('Thank you for calling Maple Dental.', voice);
    if (!speech) throw new Error('no speech');
    const { samples, sampleRate } = speech;
    expect(sampleRate).toBe(voice === 'kal' ? 8000 : 16_000);
    expect(durationMs(speech)).toBeGreaterThan(1200);
    expect(levelDbfs(samples)).toBeGreaterThan(-23);
    expect(levelDbfs(samples)).toBeLessThan(-19);
    expect(peak(samples)).toBeLessThan(32_000);
    expect(levelDbfs(samples.subarray(0, 0.015 * sampleRate))).toBeLessThan(-50);
    expect(levelDbfs(samples.subarray(-0.05 * sampleRate))).toBeLessThan(-50);
  });
});

test('each sentence is a run of its own, so that it can be heard before the next is made', async () => {
  expect(await speak('We are open. Come in! Do you have a question?')).toHaveLength(3);
  expect(await speak('That is $4.50 for Dr. Smith at 9 a.m. today.')).toHaveLength(2);
});

test('a sentence without an end is cut where a speaker would breathe', async () => {
  const parts = await speak(`first, ${'and then another thing, '.repeat(14)}`);
  expect(parts).toHaveLength(2);
  expect(Math.max(...parts.map(durationMs))).toBeLessThan(20_000);
  expect(await speak('abc'.repeat(100))).toHaveLength(2);
});

test.each(['', '   ', '...', '?!', '🙂', '北京', '\u0000\u0007'])(
  '%j makes no sound',
  async (text) => {
    expect(await speak(text)).toEqual([]);
  },
);

test.each([
  '-version',
  '--help',
  '-o /etc/passwd',
  '/etc/passwd',
  '$(reboot) `id` %s%n',
  '<speak>hi & bye</speak>',
])('%j is spoken, not obeyed', async (text) => {
  expect(lengthMs(await speak(text))).toBeGreaterThan(300);
});

test('the same text makes the same speech', async () => {
  expect(await speak('Hello there.')).toEqual(await speak('Hello there.'));
});

test.each([
  ['Café naïve “quoted” Siobhán’s', "Cafe naive quoted Siobhan's"],
  ['mm-hm', 'um-hum'],
  ['Mm-hmm, mhm.', 'um-hum, um-hum.'],
  ['hmm', 'hum'],
  ['line\nbreak\ttab', 'line break tab'],
])('%j is read as %j', (text, read) => {
  expect(sayable(text)).toBe(read);
});
