import {
  ScriptedOllamaServer,
  ScriptedOpenAiServer,
  type ScriptedPrompt,
  type ScriptedReply,
} from '@earshot/local/fakes';
import { describe, expect, test } from 'vitest';
import { agentSaid, failures, picture } from './call-words.ts';
import { StoryServer } from './story-server.ts';

const LONG = 'We have told this story to many callers, and it goes on and on and on. '.repeat(8);

const CALL = `scenario: A caller and a moody model
steps:
  - answer: When are you open on Saturday?
  - answer: How much is whitening?
  - answer: How much is a cleaning?
  # What fills the wait is no answer.
  - wait: {for: agent-ends, quietMs: 4500, limitMs: 30000}
  - say: How much is a crown?
  - answer: What are your hours?
  - bargeIn: {text: Can I leave a message?, afterMs: 1500}
  - answer: No, that's all, thank you.
expect:
  agentSays: [come early, '350', let me see, still here, '120', 'a crown begins at nine.*950', passed it on]
  farewell: so long
  messages: [{name: Thomas Wilson, number: "5553160924"}]
  bargeIns: 1
  agentInterruptions: 0
  outcome: agent-hung-up`;

const MESSAGE = { name: 'Thomas Wilson', number: '5553160924', message: 'Please call back.' };

/** Streams, refuses, stalls, fails in mid-stream, talks for long, uses tools: as the caller's words say. */
function reply({ words, body }: ScriptedPrompt): ScriptedReply {
  const { messages } = body as { messages: readonly { role: string }[] };
  if (messages.at(-1)?.role === 'tool') return { steps: ['I have passed it on. Anything else?'] };
  if (/saturday/i.test(words))
    return { steps: ['On Saturday the doors are open from ten. Come early.'], tokenMs: 60 };
  if (/whitening/i.test(words)) return { status: 500, body: '{"error":"out of memory"}' };
  if (/cleaning/i.test(words)) return { steps: [{ stall: true }] };
  if (/crown/i.test(words))
    return { steps: ['A crown begins at nine', { fail: 'out of memory' }], tokenMs: 60 };
  if (/hours/i.test(words)) return { steps: [LONG], tokenMs: 60 };
  if (/message/i.test(words))
    return { steps: ['Sure.', { call: { name: 'take_message', arguments: MESSAGE } }] };
  if (/no/i.test(words))
    return { steps: ['So long!', { call: { name: 'end_call', arguments: {} } }] };
  return { steps: ['Pardon?'] };
}

/** How many answers are being made when the words after the barge-in are asked for. */
class Generations {
  readonly atBargeIn: number[] = [];

  constructor(server: () => { readonly openAnswers: number }) {
    this.reply = (prompt) => {
      if (/message/i.test(prompt.words)) this.atBargeIn.push(server().openAnswers);
      return reply(prompt);
    };
  }

  readonly reply: (prompt: ScriptedPrompt) => ScriptedReply;
}

async function ollama() {
  const generations = new Generations(() => server);
  const server: ScriptedOllamaServer = await ScriptedOllamaServer.open({
    reply: generations.reply,
  });
  return { server, generations, environment: { OLLAMA_BASE_URL: server.url } };
}

async function openAi() {
  const generations = new Generations(() => server);
  const options = { reply: generations.reply, apiKey: 'a-secret' };
  const server: ScriptedOpenAiServer = await ScriptedOpenAiServer.open(options);
  const environment = {
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: 'a-secret',
    OPENAI_MODEL: 'gpt-test',
  };
  return { server, generations, environment };
}

// Calls take the time that calls take: all of them at once.
describe.concurrent('language models', { timeout: 180_000 }, () => {
  test.each([
    ['Ollama', ollama],
    ['an OpenAI-compatible server', openAi],
  ])(
    '%s streams, refuses, stalls, fails and is cut short; the front desk helps out, and the call goes on',
    async (_, open) => {
      const { server: model, generations, environment } = await open();
      await using _model = model;
      const options = { LANGUAGE_MODEL: 'auto', ...environment };
      await using server = await StoryServer.open({ engines: 'small', environment: options });
      const call = await server.ring(CALL);
      expect(failures(call), picture(call)).toEqual([]);
      expect(agentSaid(call).split(' on and on').length, picture(call)).toBeLessThan(4);
      // The barge-in has ended the long answer at the model's server before the next one was asked for.
      expect(new Set(generations.atBargeIn)).toEqual(new Set([1]));
      await model.quiet();
      expect(model.abandonedAnswers).toBeGreaterThanOrEqual(2);
      if (model instanceof ScriptedOllamaServer) expect(model.loads).toBe(1);
      expect(await server.printed()).not.toContain('a-secret');
    },
  );

  test('a model that cannot be reached and one that refuses us are named at the start, and the front desk answers', async () => {
    await using refusing = await ScriptedOpenAiServer.open({ apiKey: 'another' });
    const gone = await ScriptedOllamaServer.open({ reply });
    await gone[Symbol.asyncDispose]();
    const environment = {
      LANGUAGE_MODEL: 'auto',
      OLLAMA_BASE_URL: gone.url,
      OPENAI_BASE_URL: `${refusing.url}/v1`,
      OPENAI_API_KEY: 'a-secret',
      OPENAI_MODEL: 'gpt-test',
    };
    await using server = await StoryServer.open({ engines: 'small', environment });
    const table = /^ *language model .*$/m.exec(await server.printed())?.[0];
    expect(table).toMatch(/Front desk/);
    expect(table).toContain(new URL(gone.url).host);
    expect(table).toContain(new URL(refusing.url).host);
    expect(table).not.toContain('a-secret');
    const call = await server.ring(`scenario: A question
steps:
  - answer: How much is a cleaning?
  - wait: {for: agent-ends}
  - hangUp
expect: {agentSays: '120', outcome: caller-hung-up}`);
    expect(failures(call), picture(call)).toEqual([]);
  });
});
