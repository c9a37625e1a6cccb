import type { Prompt, ReplyPart } from '@earshot/conversation';
import { expect, test } from 'vitest';
import { longPrompt } from './__fixtures__/long-prompt.ts';
import { OpenAiLanguageModel, type OpenAiOptions } from './openai-language-model.ts';
import { ScriptedOpenAiServer } from './scripted-openai-server.ts';
import type { ScriptedReply, ScriptedStep } from './scripted-reply.ts';
import { LanguageModelError } from './server-error.ts';

const never = new AbortController().signal;
const hello: Prompt = {
  system: 'You are Rosie.',
  turns: [{ speaker: 'caller', text: 'My secret is hunter2.' }],
  tools: [{ name: 'take_message', description: 'Notes it.', parameters: { type: 'object' } }],
  memory: null,
};

const open = (reply: ScriptedReply, more: { apiKey?: string; models?: null } = {}) =>
  ScriptedOpenAiServer.open({ reply: () => reply, ...more });
const saying = (...steps: ScriptedStep[]) => open({ steps });
const modelOf = ({ url }: { url: string }, options: Partial<OpenAiOptions> = {}) =>
  new OpenAiLanguageModel({ baseUrl: `${url}/v1`, model: 'gpt-test', ...options });

async function collect(model: OpenAiLanguageModel, signal = never, prompt = hello) {
  const parts: ReplyPart[] = [];
  let error: unknown = null;
  try {
    for await (const part of model.reply(prompt, signal)) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
  return { text, calls, error };
}

async function codeOf(model: OpenAiLanguageModel): Promise<string> {
  const { error } = await collect(model);
  if (!(error instanceof LanguageModelError)) throw error;
  return `${error.code}${error.retryable ? ', retry' : ''}`;
}

test.each([1, 2, 5, 1000])('reads events and characters cut every %i bytes', async (pieceBytes) => {
  await using server = await open({ steps: ['Très bien 😀, merci.'], pieceBytes });
  expect(await collect(modelOf(server))).toMatchObject({
    text: 'Très bien 😀, merci.',
    error: null,
  });
});

test('whatever the length of the system prompt, what the caller said four turns ago is sent along', async () => {
  await using server = await saying('Thank you.');
  await collect(modelOf(server, { contextTokens: 4096 }), never, longPrompt);
  const messages: { content: string }[] = bodyOf(server).messages;
  const sent = messages.map(({ content }) => content).join('\n');
  expect(sent).toContain('Say only what stands here.');
  expect(sent).toContain('My name is Jane Miller, 555 0142.');
  expect(sent.length).toBeLessThan((4096 - 256) * 3);
});

test('tool calls are put together from their pieces, several at a time', async () => {
  const first = { name: 'take_message', arguments: { name: 'Zoë', text: 'call "back"' } };
  const second = { name: 'end_call', arguments: {} };
  await using server = await saying('One moment.', { call: first }, { call: second });
  const { text, calls, error } = await collect(modelOf(server));
  expect(error).toBeNull();
  expect(text).toBe('One moment.');
  expect(calls).toEqual([
    { id: 'call_0', ...first },
    { id: 'call_1', ...second },
  ]);
});

test('tool results go back as OpenAI wants them: arguments as text, named by the call', async () => {
  await using server = await saying('Noted.');
  const call = { id: 'call_7', name: 'take_message', arguments: { name: 'Ann' } };
  const turns = [...hello.turns, { speaker: 'tool', call, result: { output: 'ok' } } as const];
  await collect(modelOf(server), never, { ...hello, turns });
  expect(bodyOf(server).messages.slice(-2)).toEqual([
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'call_7',
          type: 'function',
          function: { name: 'take_message', arguments: '{"name":"Ann"}' },
        },
      ],
    },
    { role: 'tool', tool_call_id: 'call_7', content: 'ok' },
  ]);
});

test('sends no more than a server of any maker knows', async () => {
  await using server = await saying('Hi.');
  await collect(modelOf(server), never, { ...hello, tools: [] });
  const sent = Object.keys(bodyOf(server)).sort();
  expect(sent).toEqual(['max_tokens', 'messages', 'model', 'stream']);
  await collect(modelOf(server, { temperature: 0.2 }));
  expect(bodyOf(server)).toMatchObject({ temperature: 0.2, max_tokens: 256 });
});

test.each<[string, string, string]>([
  ['comments, CRLF and names', ': wait\r\nevent: x\r\nid: 1\r\ndata: $\r\n\r\n', 'Hi'],
  ['no space after the colon', 'data:$\n\n', 'Hi'],
  ['data on several lines', 'data: $\n\n'.replace('$', '$1\ndata: $2'), 'Hi'],
  ['an end without blank line', 'data: $', 'Hi'],
])('reads server-sent events with %s', async (_, shape, text) => {
  const [a, b] = ['{"choices":[{"delta":{"content":"Hi"},', '"finish_reason":"stop"}]}'];
  const raw = shape.replace('$1', a).replace('$2', b).replace('$', `${a}${b}`);
  await using server = await saying({ raw }, { end: true });
  expect(await collect(modelOf(server))).toMatchObject({ text, error: null });
});

test.each<[string, object[], unknown]>([
  ['all numbered 0', [piece(0, 'a', 'x', '{}'), piece(0, 'b', 'y', '{}')], ['x', 'y']],
  ['without numbers', [piece(null, 'a', 'x', '{"q"'), piece(null, '', '', ':1}')], ['x']],
  ['that repeat their name', [piece(0, 'a', 'x', '{'), piece(0, 'a', 'x', '}')], ['x']],
  ['without ids', [piece(0, '', 'x', ''), piece(1, '', 'y', '')], ['x', 'y']],
])('understands calls %s', async (_, pieces, names) => {
  const raw = pieces.map((one) => event({ tool_calls: [one] })).join('');
  await using server = await saying({ raw });
  const { calls, error } = await collect(modelOf(server));
  expect(error).toBeNull();
  expect(calls.map(({ name }) => name)).toEqual(names);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
  expect(calls.every(({ id }) => id !== '')).toBe(true);
});

test.each<[string, ScriptedStep[], string]>([
  ['a lost connection', ['We', { cut: true }], 'answer-cut, retry'],
  ['an end without reason', ['We', { end: true }], 'answer-cut, retry'],
  ['an error event', ['We', { fail: 'overloaded' }], 'server-failed, retry'],
  ['a page of HTML', [{ raw: '<html>\n\n' }, { end: true }], 'answer-unreadable'],
  ['an event that is no JSON', [{ raw: 'data: {"choi\n\n' }], 'answer-unreadable'],
  ['an event of another kind', [{ raw: 'data: {"choices":"x"}\n\n' }], 'answer-unreadable'],
  ['an endless line', [{ raw: `data: ${'x'.repeat(1_100_000)}` }], 'answer-unreadable'],
  [
    'arguments that are no JSON',
    [{ raw: event({ tool_calls: [piece(0, 'a', 'x', '{"q":')] }) }],
    'answer-unreadable',
  ],
  [
    'arguments that are no object',
    [{ raw: event({ tool_calls: [piece(0, 'a', 'x', '[1]')] }) }],
    'answer-unreadable',
  ],
  [
    'arguments without end',
    [{ raw: event({ tool_calls: [piece(0, 'a', 'x', 'x'.repeat(70_000))] }) }],
    'answer-too-large',
  ],
])('%s is an error with a code', async (_, steps, code) => {
  await using server = await saying(...steps);
  expect(await codeOf(modelOf(server))).toBe(code);
});

test.each([
  [400, '{"error":{"message":"bad"}}', 'request-rejected'],
  [403, '', 'key-rejected'],
  [404, '{"error":{"message":"The model `x` does not exist"}}', 'model-missing'],
  [404, '<html>Not Found</html>', 'endpoint-missing'],
  [405, '', 'endpoint-missing'],
  [422, '{"detail":[{"msg":"bad"}]}', 'request-rejected'],
  [429, '', 'server-busy, retry'],
  [502, '<html>Bad gateway</html>', 'server-failed, retry'],
  [504, '', 'answer-timed-out, retry'],
])('status %i %s before the first byte is %s', async (status, body, code) => {
  await using server = await open({ status, body });
  expect(await codeOf(modelOf(server))).toBe(code);
  expect(server.requests).toHaveLength(1);
});

test('neither the key nor the caller’s words are in an error, even if the server repeats them', async () => {
  const apiKey = 'sk-very-secret';
  await using server = await open({ steps: ['Hi.'] }, { apiKey });
  expect((await collect(modelOf(server, { apiKey }))).text).toBe('Hi.');
  const { error } = await collect(modelOf(server, { apiKey: 'sk-wrong' }));
  expect(error).toMatchObject({ code: 'key-rejected' });
  const said = (error as LanguageModelError).serverSaid;
  expect(said).toBe('Incorrect API key: Bearer ***');
  await using echo = await open({ status: 400, body: `{"error":"${apiKey} hunter2"}` });
  const { error: echoed } = await collect(modelOf(echo, { apiKey }));
  const { stack, message, ...fields } = echoed as LanguageModelError;
  expect(JSON.stringify({ stack, message, fields })).not.toMatch(/hunter2|secret/);
});

test('no first token, or none after the first, is an error and ends the work', async () => {
  await using server = await saying({ stall: true });
  expect(await codeOf(modelOf(server, { limits: { firstTokenMs: 30 } }))).toBe(
    'answer-timed-out, retry',
  );
  await server.quiet();
  await using slow = await saying('We', { stall: true });
  expect(await codeOf(modelOf(slow, { limits: { nextTokenMs: 30 } }))).toBe(
    'answer-stalled, retry',
  );
  await slow.quiet();
  expect([server.abandonedAnswers, slow.abandonedAnswers]).toEqual([1, 1]);
});

test('barge-in: aborting closes the connection, so that generation stops', async () => {
  await using server = await saying('We', { stall: true });
  const bargeIn = new AbortController();
  const reply = modelOf(server).reply(hello, bargeIn.signal);
  await reply.next();
  bargeIn.abort(new Error('barge-in'));
  await server.quiet();
  expect(server.abandonedAnswers).toBe(1);
  await expect(reply.next()).rejects.toThrow('barge-in');
});

test('replies of one call share a connection', async () => {
  await using server = await saying('Hello.', { call: { name: 'x', arguments: {} } });
  for (let turn = 0; turn < 4; turn += 1) {
    await collect(modelOf(server));
    await server.quiet();
  }
  expect(server.connections).toBeLessThan(4);
  expect(server.abandonedAnswers).toBe(0);
});

test('the probe says whether the server answers, takes the key and has the model', async () => {
  await using server = await open({ steps: [] }, { apiKey: 'k' });
  const probe = (options: Partial<OpenAiOptions>) => modelOf(server, options).available(never);
  expect(await probe({ apiKey: 'k' })).toMatchObject({ available: true });
  expect((await probe({ apiKey: 'x' })).detail).toContain('refuses the API key');
  expect((await probe({ apiKey: 'k', model: 'no' })).detail).toContain(
    'it has gpt-test, whisper-1',
  );
  await using silent = await open({ steps: [] }, { models: null });
  expect(await modelOf(silent).available(never)).toMatchObject({ available: true });
});

function piece(index: number | null, id: string, name: string, args: string) {
  return { ...(index === null ? {} : { index }), id, function: { name, arguments: args } };
}

function event(delta: object): string {
  return `data: ${JSON.stringify({ choices: [{ delta, finish_reason: null }] })}\n\n`;
}

function bodyOf(server: ScriptedOpenAiServer) {
  return JSON.parse(String(server.requests.at(-1)?.body));
}
