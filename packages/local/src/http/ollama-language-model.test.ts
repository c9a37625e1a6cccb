import type { Prompt, ReplyPart } from '@earshot/conversation';
import { expect, test, vi } from 'vitest';
import { longPrompt } from './__fixtures__/long-prompt.ts';
import { OllamaLanguageModel, type OllamaOptions } from './ollama-language-model.ts';
import { ScriptedOllamaServer, type ScriptedPrompt } from './scripted-ollama-server.ts';
import type { ScriptedReply, ScriptedStep } from './scripted-reply.ts';
import { LanguageModelError } from './server-error.ts';

const never = new AbortController().signal;
const hello: Prompt = {
  system: 'You are Rosie.',
  turns: [{ speaker: 'caller', text: 'Do you speak français?' }],
  tools: [],
  memory: null,
};
const withTools: Prompt = {
  ...hello,
  tools: [{ name: 'end_call', description: 'Hangs up.', parameters: { type: 'object' } }],
};

const open = (reply: (prompt: ScriptedPrompt) => ScriptedReply, capabilities?: string[]) =>
  ScriptedOllamaServer.open({ reply, ...(capabilities ? { capabilities } : {}) });
const saying = (...steps: ScriptedStep[]) => open(() => ({ steps }));
const modelOf = ({ url }: { url: string }, options: Partial<OllamaOptions> = {}) =>
  new OllamaLanguageModel({ baseUrl: url, model: 'llama3.1:8b', ...options });

/** What was yielded, and what it ended in. */
async function collect(model: OllamaLanguageModel, prompt = hello, signal = never) {
  const parts: ReplyPart[] = [];
  let error: unknown = null;
  try {
    for await (const part of model.reply(prompt, signal)) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { parts, text, error };
}

async function codeOf(model: OllamaLanguageModel): Promise<string> {
  const { error } = await collect(model);
  if (!(error instanceof LanguageModelError)) throw error;
  return `${error.code}${error.retryable ? ', retry' : ''}`;
}

test('streams words as they come', async () => {
  await using server = await saying('Yes, we speak French.');
  const { parts, error } = await collect(modelOf(server));
  expect(error).toBeNull();
  expect(parts).toEqual(
    ['Yes,', ' we', ' speak', ' French.'].map((text) => ({ type: 'text', text })),
  );
});

test.each([1, 2, 3, 7, 64])('reads lines and characters cut every %i bytes', async (pieceBytes) => {
  await using server = await open(() => ({ steps: ['Oui, « bien sûr » 😀 naïve.'], pieceBytes }));
  expect(await collect(modelOf(server))).toMatchObject({
    text: 'Oui, « bien sûr » 😀 naïve.',
    error: null,
  });
});

test('a tool call comes whole and gets an id', async () => {
  await using server = await saying('Bye.', {
    call: { name: 'end_call', arguments: { why: 'x' } },
  });
  const { parts } = await collect(modelOf(server), withTools);
  expect(parts.at(-1)).toEqual({
    type: 'tool-call',
    call: { id: expect.stringMatching(/.{8}/), name: 'end_call', arguments: { why: 'x' } },
  });
});

test('tool results go back as Ollama wants them: arguments as an object, named by the tool', async () => {
  await using server = await saying('Goodbye.');
  const call = { id: 'c1', name: 'end_call', arguments: { why: 'x' } };
  const turns = [...hello.turns, { speaker: 'tool', call, result: { output: 'ok' } } as const];
  await collect(modelOf(server), { ...withTools, turns });
  expect(bodyOf(server).messages.slice(-2)).toEqual([
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', function: { name: 'end_call', arguments: { why: 'x' } } }],
    },
    { role: 'tool', tool_name: 'end_call', tool_call_id: 'c1', content: 'ok' },
  ]);
});

test('a model that knows no tools answers without them, and is not asked again', async () => {
  await using server = await open(() => ({ steps: ['Hello.'] }), ['completion']);
  const model = modelOf(server);
  expect(await collect(model, withTools)).toMatchObject({ text: 'Hello.', error: null });
  await collect(model, withTools);
  expect(server.requests).toHaveLength(3);
});

test('the model is loaded once: warm-up and replies send the same options', async () => {
  await using server = await saying('Hello.');
  const model = modelOf(server, { threads: 1, keepAlive: '10m' });
  await model.warmUp(never);
  await collect(model);
  await collect(model, withTools);
  expect(server.loads).toBe(1);
  expect(bodyOf(server)).toMatchObject({
    keep_alive: '10m',
    think: false,
    options: { num_ctx: 8192, num_predict: 256, num_thread: 1 },
  });
});

test('reading ahead sends what the first reply will begin with, and stops at its first token', async () => {
  await using server = await saying('Hello', { stall: true });
  const model = modelOf(server, { limits: { firstTokenMs: 5000 } });
  await model.readAhead({ ...withTools, turns: [] }, never);
  await server.quiet();
  const ahead = bodyOf(server);
  const reply = model.reply(withTools, never);
  await reply.next();
  await reply.return();
  const { messages, ...rest } = bodyOf(server);
  expect({ ...rest, messages: messages.slice(0, 1) }).toEqual({
    ...ahead,
    messages: ahead.messages.slice(0, 1),
  });
  expect(server.loads).toBe(1);
});

test('whatever the length of the system prompt, what the caller said four turns ago is sent along', async () => {
  await using server = await saying('Thank you.');
  await collect(modelOf(server), longPrompt);
  const messages: { content: string }[] = bodyOf(server).messages;
  const sent = messages.map(({ content }) => content).join('\n');
  expect(sent).toContain('Say only what stands here.');
  expect(sent).toContain('My name is Jane Miller, 555 0142.');
  expect(sent.length).toBeLessThan((bodyOf(server).options.num_ctx - 256) * 3);
});

test('a model made for less context gets shorter prompts, and the same options', async () => {
  const reply = () => ({ steps: ['Thank you.'] });
  await using server = await ScriptedOllamaServer.open({ reply, contextTokens: 2048 });
  const model = modelOf(server);
  const before = model.systemRoom(longPrompt.tools);
  const { detail } = await model.available(never);
  expect(detail).toMatch(/llama3.1:8b, whose context ends at 2048 tokens$/);
  expect(model.systemRoom(longPrompt.tools)).toBeLessThan(before / 4);
  await model.warmUp(never);
  await collect(model, longPrompt);
  const { messages } = bodyOf(server);
  expect(JSON.stringify(messages).length).toBeLessThan(2048 * 3);
  expect(JSON.stringify(messages)).toContain('Jane Miller');
  expect(server.loads).toBe(1);
});

test('what is said to be the room of a system prompt is what is sent of it', async () => {
  await using server = await saying('Hello.');
  const model = modelOf(server, { contextTokens: 4096 });
  const room = model.systemRoom(withTools.tools);
  const sent = async (system: string): Promise<string> => {
    await collect(model, { ...withTools, system });
    return bodyOf(server).messages[0].content;
  };
  expect(await sent('x'.repeat(room))).toContain(`${'x'.repeat(room)}\n\nYou are on the phone.`);
  expect(await sent('x'.repeat(room + 1))).not.toContain('x'.repeat(room + 1));
});

test('a server on this machine leaves a core to the voice; one elsewhere decides for itself', async () => {
  await using server = await saying('Hello.');
  await collect(modelOf(server));
  expect(bodyOf(server).options.num_thread).toBeGreaterThanOrEqual(1);
  await collect(modelOf(server, { threads: null }));
  expect(bodyOf(server).options).not.toHaveProperty('num_thread');
});

test.each([
  [400, 'request-rejected'],
  [401, 'key-rejected'],
  [404, 'model-missing'],
  [429, 'server-busy, retry'],
  [499, 'server-failed, retry'],
  [500, 'server-failed, retry'],
  [503, 'server-busy, retry'],
])('status %i before the first byte is %s', async (status, code) => {
  await using server = await open(() => ({ status, body: '{"error":"server says so"}' }));
  expect(await codeOf(modelOf(server))).toBe(code);
});

test('a missing model is named with the command that gets it', async () => {
  await using server = await saying('Hello.');
  const { error } = await collect(modelOf(server, { model: 'qwen3:4b' }));
  expect(error).toMatchObject({ code: 'model-missing', retryable: false });
  expect(String(error)).toContain('`ollama pull qwen3:4b`');
});

test('an error in mid-stream ends the reply; words before it stand', async () => {
  await using server = await saying('We open at', { fail: 'out of memory' });
  const { text, error } = await collect(modelOf(server));
  expect(text).toBe('We open at');
  expect(error).toMatchObject({ code: 'server-failed', retryable: true });
  expect((error as LanguageModelError).serverSaid).toBe('out of memory');
});

test.each<[string, ScriptedStep[], string]>([
  ['a lost connection', ['We', { cut: true }], 'answer-cut, retry'],
  ['an end without its last line', ['We', { end: true }], 'answer-cut, retry'],
  ['an empty stream', [{ end: true }], 'answer-cut, retry'],
  ['a page of HTML', [{ raw: '<html><body>Sign in</body></html>\n' }], 'answer-unreadable'],
  ['a line of another kind', [{ raw: '{"message":"text"}\n' }], 'answer-unreadable'],
  ['an endless line', [{ raw: 'x'.repeat(1_100_000) }], 'answer-unreadable'],
])('%s is an error with a code', async (_, steps, code) => {
  await using server = await saying(...steps);
  expect(await codeOf(modelOf(server))).toBe(code);
});

test('a last line without its end of line counts', async () => {
  await using server = await saying(
    { raw: '{"message":{"content":"Hi"}}\n\n{"message":{"content":"!"},"done":true}' },
    { end: true },
  );
  expect(await collect(modelOf(server))).toMatchObject({ text: 'Hi!', error: null });
});

test('no first token in time is an error, and the server is told to stop', async () => {
  await using server = await saying({ stall: true });
  const model = modelOf(server, { limits: { firstTokenMs: 30 } });
  expect(await codeOf(model)).toBe('answer-timed-out, retry');
  await server.quiet();
  // On a busy machine the time may be over before the question is there.
  expect(server.abandonedAnswers).toBe(server.requests.length);
});

test('a reply that stands still is an error after its words, and the server is told to stop', async () => {
  await using server = await saying('We open', { stall: true });
  const { text, error } = await collect(modelOf(server, { limits: { nextTokenMs: 30 } }));
  expect(text).toBe('We open');
  expect(error).toMatchObject({ code: 'answer-stalled' });
  await server.quiet();
});

test('barge-in: aborting between tokens closes the connection, so that generation stops', async () => {
  await using server = await saying('We open', { stall: true });
  const bargeIn = new AbortController();
  const reply = modelOf(server).reply(hello, bargeIn.signal);
  await reply.next();
  expect(server.openAnswers).toBe(1);
  bargeIn.abort(new Error('barge-in'));
  await server.quiet();
  expect(server.abandonedAnswers).toBe(1);
  await expect(reply.next()).rejects.toThrow('barge-in');
});

test('aborting before the first token rejects with the reason', async () => {
  await using server = await saying({ stall: true });
  const bargeIn = new AbortController();
  const collected = collect(modelOf(server), hello, bargeIn.signal);
  bargeIn.abort('changed my mind');
  expect((await collected).error).toBe('changed my mind');
  expect((await collect(modelOf(server), hello, bargeIn.signal)).error).toBe('changed my mind');
  await server.quiet();
});

test('a consumer who stops listening stops the server', async () => {
  await using server = await saying('We open', { stall: true });
  for await (const part of modelOf(server).reply(hello, never)) if (part) break;
  await server.quiet();
  expect(server.abandonedAnswers).toBe(1);
});

test('the time a consumer takes is not the server’s', async () => {
  await using server = await saying('One two');
  const reply = modelOf(server, { limits: { firstTokenMs: 5000, nextTokenMs: 25 } }).reply(
    hello,
    never,
  );
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await reply.next();
    vi.advanceTimersByTime(60_000);
    expect((await reply.next()).value).toEqual({ type: 'text', text: ' two' });
  } finally {
    vi.useRealTimers();
  }
});

test('replies of one call share a connection', async () => {
  await using server = await saying('Hello.');
  const model = modelOf(server);
  for (let turn = 0; turn < 4; turn += 1) {
    await collect(model);
    await server.quiet();
  }
  expect(server.connections).toBeLessThan(4);
  expect(server.abandonedAnswers).toBe(0);
});

test('nobody listening is an error with the address, without password', async () => {
  const { url } = await closedServer();
  const model = modelOf({ url: url.replace('://', '://ann:hush@') });
  const { error } = await collect(model);
  expect(error).toMatchObject({ code: 'server-unreachable', retryable: true });
  expect(String(error)).toContain(url);
  expect(String(error)).not.toContain('hush');
});

test('a redirect is not followed, wherever it leads', async () => {
  await using elsewhere = await saying('Hello.');
  const headers = { location: `${elsewhere.url}/api/chat` };
  await using server = await open(() => ({ status: 307, body: '', headers }));
  expect(await codeOf(modelOf(server))).toBe('redirected');
  expect(elsewhere.requests).toHaveLength(0);
});

test('user and password of the address become a header', async () => {
  await using server = await saying('Hello.');
  await collect(modelOf({ url: server.url.replace('://', '://ann:p%40ss@') }));
  const expected = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`;
  expect(server.requests[0]?.headers.authorization).toBe(expected);
});

test('an address that is none is refused at once', () => {
  for (const url of ['localhost:11434', 'file:///etc/passwd', '']) {
    expect(() => modelOf({ url })).toThrow(LanguageModelError);
  }
});

test('the probe says what was found, what is missing and what to do', async () => {
  await using server = await saying('Hello.');
  const detail = `Ollama 0.17.4 at ${server.url} with llama3.1:8b`;
  expect(await modelOf(server).available(never)).toEqual({ available: true, detail });
  const missing = await modelOf(server, { model: 'qwen3' }).available(never);
  expect(missing.available).toBe(false);
  expect(missing.detail).toContain('it has llama3.1:8b');
  expect(missing.detail).toContain('`ollama pull qwen3`');
  const gone = await modelOf(await closedServer()).available(never);
  expect(gone).toEqual({ available: false, detail: expect.stringContaining('cannot be reached') });
});

test('the probe knows models by their name without :latest, and those without tools', async () => {
  const models = ['smollm2:latest'];
  const capabilities = ['completion'];
  const reply = () => ({ steps: [] });
  await using server = await ScriptedOllamaServer.open({ models, capabilities, reply });
  const { available, detail } = await modelOf(server, { model: 'smollm2' }).available(never);
  expect(available).toBe(true);
  expect(detail).toContain('cannot use tools');
});

function bodyOf(server: ScriptedOllamaServer) {
  return JSON.parse(String(server.requests.at(-1)?.body));
}

async function closedServer(): Promise<{ url: string }> {
  await using server = await saying();
  return { url: server.url };
}
