import { ScriptedOllamaServer, ScriptedOpenAiServer } from '@earshot/local/fakes';
import { describe, expect, test } from 'vitest';
import { agentSaid, failures, picture } from './call-words.ts';
import { moodyOllama, moodyOpenAi, moodyReply } from './moody-model.ts';
import { StoryServer } from './story-server.ts';

const MOODY_CALL = `scenario: A caller and a moody model
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

// Calls take the time that calls take: all of them at once.
describe.concurrent('language models', { timeout: 180_000 }, () => {
  test.each([
    ['Ollama', moodyOllama],
    ['an OpenAI-compatible server', moodyOpenAi],
  ])(
    '%s streams, refuses, stalls, fails and is cut short; the front desk helps out, and the call goes on',
    async (_, open) => {
      const { server: model, generations, environment } = await open();
      await using _model = model;
      const options = { LANGUAGE_MODEL: 'auto', ...environment };
      await using server = await StoryServer.open({ engines: 'small', environment: options });
      const call = await server.ring(MOODY_CALL);
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
    const gone = await ScriptedOllamaServer.open({ reply: moodyReply });
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
