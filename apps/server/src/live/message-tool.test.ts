import { expect, test } from 'vitest';
import { END_CALL_TOOL, messageTool } from './message-tool.ts';

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
