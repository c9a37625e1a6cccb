import { once } from 'node:events';
import type { LineEvent } from '@earshot/conversation';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { CallRecord } from './call-record.ts';
import { ScriptedDesk } from './scripted-desk.fake.ts';
import { type CallLine, callOf, LiveCalls } from './unrecorded-calls.ts';

/** A line on which nothing happens until the server ends it. */
const quietLine = (callSid: string): CallLine => ({
  start: { callSid },
  counts: {},
  async *events(signal): AsyncGenerator<LineEvent> {
    if (!signal.aborted) await once(signal, 'abort');
    yield* [];
  },
  play: async () => {},
  flush: () => {},
  drain: async () => {},
  clear: () => 0,
  [Symbol.asyncDispose]: async () => {},
});

test('of many streams of one call at once the newest is answered, and never two together', async () => {
  const desk = new ScriptedDesk();
  const calls = new LiveCalls(pino({ level: 'silent' }));
  calls.open((record) => desk.answer(callOf(record, 60_000)), desk.toolNames);
  const record = new CallRecord();
  const goingOn: number[] = [];
  record.listen(0, (numbered) => {
    const type = numbered?.event.type;
    if (type === 'stream-started') goingOn.push((goingOn.at(-1) ?? 0) + 1);
    if (type === 'stream-ended') goingOn.push((goingOn.at(-1) ?? 0) - 1);
  });
  const [first, second, third, newest] = [1, 2, 3, 4].map(() =>
    calls.take(quietLine('CA1'), record),
  );
  await Promise.all([first, second, third]);
  expect(goingOn).toEqual([1, 0, 1, 0, 1, 0, 1]);
  await calls.drain(0);
  await newest;
  expect(goingOn.at(-1)).toBe(0);
  expect(record.streams).toBe(4);
});
