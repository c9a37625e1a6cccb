import { Ollama } from 'ollama';
import OpenAI, { toFile } from 'openai';
import { expect, test } from 'vitest';
import { ScriptedOllamaServer, ScriptedOpenAiServer } from './fakes.ts';
import { toneWav } from './scripted-piper-server.ts';

// The makers' own clients judge whether the scripted servers speak as the real ones do.

const call = { name: 'take_message', arguments: { name: 'Ann', number: '555-0142' } };
const user = { role: 'user' as const, content: 'Hello?' };

test('Ollama’s own client understands the scripted Ollama server', async () => {
  const reply = () => ({ steps: ['Good morning!', { call }], pieceBytes: 7 });
  await using server = await ScriptedOllamaServer.open({ reply });
  const client = new Ollama({ host: server.url });
  expect((await client.list()).models.map(({ name }) => name)).toEqual(['llama3.1:8b']);
  const stream = await client.chat({ model: 'llama3.1:8b', messages: [user], stream: true });
  const lines = await all(stream);
  expect(lines.map(({ message }) => message.content).join('')).toBe('Good morning!');
  expect(lines.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject([
    { function: call },
  ]);
  const missing = client.chat({ model: 'other', messages: [user] });
  await expect(missing).rejects.toThrow("model 'other' not found");
});

test('OpenAI’s own client understands the scripted OpenAI server', async () => {
  const reply = () => ({ steps: ['Good morning!', { call }], pieceBytes: 7 });
  const hear = () => ({ text: 'Hello there.' });
  await using server = await ScriptedOpenAiServer.open({ reply, hear, apiKey: 'k' });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'k', maxRetries: 0 });
  const stream = client.chat.completions.stream({ model: 'gpt-test', messages: [user] });
  const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0] ?? {};
  expect([message?.content, finish_reason]).toEqual(['Good morning!', 'tool_calls']);
  const [heard] = message?.tool_calls ?? [];
  expect(heard?.type === 'function' && JSON.parse(heard.function.arguments)).toEqual(
    call.arguments,
  );
  const file = await toFile(toneWav(200, 16_000), 'a.wav');
  const transcript = await client.audio.transcriptions.create({ file, model: 'whisper-1' });
  expect(transcript.text).toBe('Hello there.');
});

test('an error in mid-stream is one to the makers’ clients too', async () => {
  const reply = () => ({ steps: ['Good', { fail: 'out of memory' }] });
  await using ollama = await ScriptedOllamaServer.open({ reply });
  const request = { messages: [user], stream: true as const };
  const lines = await new Ollama({ host: ollama.url }).chat({ model: 'llama3.1:8b', ...request });
  await expect(all(lines)).rejects.toThrow('out of memory');
  await using openai = await ScriptedOpenAiServer.open({ reply });
  const client = new OpenAI({ baseURL: `${openai.url}/v1`, apiKey: 'k', maxRetries: 0 });
  const events = await client.chat.completions.create({ model: 'gpt-test', ...request });
  await expect(all(events)).rejects.toThrow('out of memory');
});

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
