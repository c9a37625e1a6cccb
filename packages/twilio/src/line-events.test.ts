import type { LineEvent } from '@earshot/conversation';
import { expect, test } from 'vitest';
import { LineEvents } from './line-events.ts';

const audio = (level: number): LineEvent => ({
  type: 'audio',
  frame: { samples: new Int16Array(160).fill(level), sampleRate: 8000 },
});

const drawn = (event: LineEvent): string =>
  event.type === 'audio' ? String(event.frame.samples[0]) : event.type;

async function rest(events: LineEvents): Promise<string[]> {
  events.end();
  const all: string[] = [];
  for await (const event of events.until(new AbortController().signal)) all.push(drawn(event));
  return all;
}

test('caller audio that nobody takes is dropped, oldest first, and nothing else is', async () => {
  const dropped: number[] = [];
  const events = new LineEvents(40, (ms) => dropped.push(ms));
  events.push(audio(1));
  events.push({ type: 'digit', digit: '5' });
  for (const level of [2, 3, 4]) events.push(audio(level));
  events.push({ type: 'hung-up' });
  expect(await rest(events)).toEqual(['digit', '3', '4', 'hung-up']);
  expect(dropped).toEqual([20, 20]);
});

test('of heard positions in a row only the newest is told', async () => {
  const events = new LineEvents(40, () => {});
  events.push({ type: 'heard', positionMs: 20 });
  events.push({ type: 'heard', positionMs: 60 });
  events.push(audio(1));
  events.push({ type: 'heard', positionMs: 80 });
  expect(await rest(events)).toEqual(['heard', '1', 'heard']);
});

test('events come as they happen, and end when aborted', async () => {
  const events = new LineEvents(40, () => {});
  const stop = new AbortController();
  const stream = events.until(stop.signal);
  const first = stream.next();
  events.push(audio(9));
  expect((await first).value).toMatchObject({ type: 'audio' });
  const second = stream.next();
  stop.abort();
  expect((await second).done).toBe(true);
});

test('nothing comes after the end', async () => {
  const events = new LineEvents(40, () => {});
  events.push({ type: 'hung-up' });
  events.end();
  events.push({ type: 'lost', reason: 'closed' });
  expect(await rest(events)).toEqual(['hung-up']);
});
