import { expect, test } from 'vitest';
import { CallRecord, type NumberedEvent } from './call-record.ts';
import { CallRecords } from './call-records.ts';
import { END_CALL_TOOL, messageTool } from './message-tool.ts';

const turn = (heard: string) =>
  ({
    type: 'turn',
    turn: { speaker: 'caller', said: heard, heard, startMs: 0, endMs: 1, interrupted: false },
  }) as const;

test('a transcript holds turns, messages and what the tools did', () => {
  const record = new CallRecord();
  record.begin();
  record.observe({ type: 'partial', text: 'hel', atMs: 1 });
  record.observe(turn('hello'));
  const call = { id: '1', name: 'take_message', arguments: {} };
  record.observe({ type: 'tool-called', call, result: { output: 'ok' } });
  record.keep({ name: 'Ann', number: '1', message: 'call me' });
  expect(record.transcript()).toEqual({
    turns: [turn('hello').turn],
    messages: [{ name: 'Ann', number: '1', message: 'call me' }],
    tools: [{ call, result: { output: 'ok' } }],
  });
});

test('a listener is told what was, what comes, and the end', () => {
  const record = new CallRecord();
  record.begin();
  record.observe(turn('one'));
  const told: (string | null)[] = [];
  const listener = (event: NumberedEvent | null) => told.push(event?.event.type ?? null);
  record.listen(1, listener);
  record.observe({ type: 'partial', text: 'tw', atMs: 1 });
  record.end('caller-hung-up');
  expect(told).toEqual(['turn', 'partial', 'stream-ended', null]);
  const late: (string | null)[] = [];
  record.listen(0, (event) => late.push(event?.event.type ?? null));
  expect(late).toEqual(['stream-started', 'turn', 'stream-ended', null]);
});

test('a call that is lost may go on, and its listeners with it', () => {
  const record = new CallRecord();
  record.begin();
  const told: (string | null)[] = [];
  record.listen(0, (event) => told.push(event?.event.type ?? null));
  record.end('line-lost');
  record.begin();
  record.close();
  expect(told).toEqual(['stream-started', 'stream-ended', 'stream-started', null]);
});

test('events, messages and listeners are bounded', () => {
  const record = new CallRecord();
  for (let i = 0; i < 6_000; i += 1) record.observe(turn(String(i)));
  expect(record.transcript().turns.length).toBe(5_000);
  expect(record.transcript().turns.at(-1)?.heard).toBe('5999');
  const kept = Array.from({ length: 60 }, () =>
    record.keep({ name: '', number: '', message: 'x' }),
  );
  expect(kept.filter(Boolean).length).toBe(50);
  for (let i = 0; i < 20; i += 1) record.listen(9_999, () => {});
  expect(record.full).toBe(true);
});

test('of calls that are over the newest are kept, and of those that live all', () => {
  const records = new CallRecords();
  const live = records.open('live');
  live.begin();
  const lost = records.open('lost');
  lost.begin();
  lost.end('line-lost');
  for (let i = 0; i < 300; i += 1) records.open(`CA${i}`).end('caller-hung-up');
  expect(records.get('CA0')).toBeNull();
  expect(records.get('CA299')).not.toBeNull();
  expect(records.open('live')).toBe(live);
  expect(records.get('lost')).toBe(lost);
  for (let i = 0; i < 10_100; i += 1) records.open(`announced${i}`);
  expect(records.get('announced10099')).not.toBeNull();
  expect(records.get('announced0')).toBeNull();
});

test('a message is taken only with what it is about, and errors are words for the agent', async () => {
  const signal = new AbortController().signal;
  const tool = messageTool(() => true);
  const good = { name: 'Ann', number: '555', message: 'Please call' };
  expect(await tool.run(good, signal)).toEqual({ output: 'The message is passed on.' });
  for (const bad of [
    {},
    { ...good, message: '' },
    { ...good, name: 'x'.repeat(300) },
    { ...good, number: 5 },
  ])
    expect(await tool.run(bad, signal)).toHaveProperty('error');
  expect(await messageTool(() => false).run(good, signal)).toHaveProperty('error');
  expect(await END_CALL_TOOL.run({}, signal)).toHaveProperty('output');
});
