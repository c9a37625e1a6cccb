import { env } from 'node:process';
import type { Prompt } from '@earshot/conversation';
import { expect, test } from 'vitest';
import { OllamaLanguageModel } from './ollama-language-model.ts';

// Against the real server named by OLLAMA_HOST, with the model LLM_MODEL (default smollm2).

const never = new AbortController().signal;
const prompt: Prompt = {
  system: 'You are the receptionist of Bright Smile Dental. Answer briefly.',
  turns: [{ speaker: 'caller', text: 'Tell me all about your practice, please.' }],
  tools: [{ name: 'end_call', description: 'Hangs up.', parameters: { type: 'object' } }],
  memory: null,
};
const { OLLAMA_HOST: host = '', LLM_MODEL = 'smollm2' } = env;
const baseUrl = host.startsWith('http') ? host : `http://${host}`;
const model = host ? new OllamaLanguageModel({ baseUrl, model: LLM_MODEL }) : null;
const probe = (await model?.available(never)) ?? {
  available: false,
  detail: 'OLLAMA_HOST not set',
};

test.runIf(model && probe.available)(
  `a real Ollama (${probe.detail}) is warmed up, replies, is cut off and replies again`,
  { timeout: 120_000 },
  async () => {
    if (!model) return;
    await model.warmUp(never);
    expect(await firstWords(model, 3)).toHaveLength(3);
    const bargeIn = new AbortController();
    const reply = model.reply(prompt, bargeIn.signal);
    await reply.next();
    bargeIn.abort(new Error('barge-in'));
    await expect(reply.next()).rejects.toThrow('barge-in');
    // The server works for one caller at a time: had it gone on, this would wait for the whole of it.
    expect(await firstWords(model, 1)).toHaveLength(1);
  },
);

test.runIf(model && probe.available)(
  'a model the real server lacks is named with its fix',
  async () => {
    const missing = new OllamaLanguageModel({ baseUrl, model: 'no-such-model' });
    const error = await missing.warmUp(never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model-missing' });
    expect(String(error)).toContain('`ollama pull no-such-model`');
  },
);

async function firstWords(from: OllamaLanguageModel, count: number): Promise<string[]> {
  const words: string[] = [];
  for await (const part of from.reply(prompt, never)) {
    if (part.type === 'text') words.push(part.text);
    if (words.length === count) break;
  }
  return words;
}
