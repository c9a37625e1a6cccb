import { NUMBER_WITHHELD } from '@earshot/local';
import { expect, test } from 'vitest';
import type { Message } from './message.ts';
import { END_CALL_TOOL, messageTool, type Parties } from './message-tool.ts';

const INBOUND: Parties = { direction: 'inbound', from: '+15550100199', to: '+15550104477' };

test('a message is taken only with what it is about, and errors are words for the agent', async () => {
  const signal = new AbortController().signal;
  const tool = messageTool(() => true, INBOUND);
  const good = { name: 'Ann', number: '555', message: 'Please call' };
  expect(await tool.run(good, signal)).toEqual({ output: 'The message is passed on.' });
  for (const bad of [
    {},
    { ...good, message: '' },
    { ...good, name: 'x'.repeat(300) },
    { ...good, number: 5 },
  ])
    expect(await tool.run(bad, signal)).toHaveProperty('error');
  expect(await messageTool(() => false, INBOUND).run(good, signal)).toHaveProperty('error');
  expect(await END_CALL_TOOL.run({}, signal)).toHaveProperty('output');
});

test.each<[string, Parties, string]>([
  ['the caller', INBOUND, '+15550100199'],
  ['whom we called', { ...INBOUND, direction: 'outbound' }, '+15550104477'],
])('a message for this call has the number of %s', async (_, parties, expected) => {
  const kept: Message[] = [];
  const tool = messageTool((message) => kept.push(message) > 0, parties);
  const args = { name: 'Ann', number: 'this call', message: 'Please call' };
  expect(await tool.run(args, new AbortController().signal)).toHaveProperty('output');
  expect(kept).toEqual([{ ...args, number: expected }]);
});

test.each(['anonymous', '', '+266696687'])('a withheld number is said so: %s', async (from) => {
  const tool = messageTool(() => true, { ...INBOUND, from });
  const args = { name: 'Ann', number: 'this call', message: 'Please call' };
  const result = await tool.run(args, new AbortController().signal);
  expect(result).toEqual({ error: NUMBER_WITHHELD });
});

test('the same message twice is one', async () => {
  const kept: unknown[] = [];
  const tool = messageTool((message) => kept.push(message) > 0, INBOUND);
  const { signal } = new AbortController();
  const message = { name: 'Ann', number: '555', message: 'Please call' };
  for (const text of ['Please call', 'Please call', 'Please write'])
    expect(await tool.run({ ...message, message: text }, signal)).toHaveProperty('output');
  expect(kept).toEqual([message, { ...message, message: 'Please write' }]);
});
