import { describe, expect, test } from 'vitest';
import type { LanguageModel, Prompt, ReplyPart, Synthesizer, Tool, ToolResult } from './ports.ts';
import { scripted } from './scripted.ts';
import { type Answer, Stage, steadyVoice } from './stage.fake.ts';

/** Past the greeting, with nobody speaking. */
async function greeted(stage: Stage): Promise<void> {
  await stage.silence(600);
}

async function endingOf(stage: Stage): Promise<string> {
  return Promise.race([stage.ending, Promise.resolve('still talking')]);
}

/** A steady voice that makes no sound of a text when `refuse` says so. */
function refusing(refuse: (text: string) => boolean | Promise<boolean>): Synthesizer {
  return {
    voice: 'refusing',
    async *synthesize(text, signal) {
      if (await refuse(text)) throw new Error('engine-busy');
      yield* steadyVoice.synthesize(text, signal);
    },
  };
}

function staged(answer: Answer | ((prompt: Prompt) => Answer), engines: object, options = {}) {
  return new Stage(answer, { ...options, engines: engines as never });
}

const text = (words: string): ReplyPart => ({ type: 'text', text: words });
const calls = (...names: string[]): ReplyPart[] =>
  names.map((name) => ({ type: 'tool-call', call: { id: name, name, arguments: {} } }));
const takeMessage: Tool = {
  name: 'take_message',
  description: 'Takes a message.',
  parameters: { type: 'object' },
  run: async () => ({ output: 'kept' }),
};

describe('speech that cannot be made', () => {
  const patient = { vad: { silenceDurationMs: 1500 } };

  test('costs nothing while the caller may go on: the answer is made anew', async () => {
    let asked = 0;
    const synthesizer = refusing((text) => text === 'At five.' && asked++ === 0);
    await using stage = staged('At five.', { synthesizer }, patient);
    await greeted(stage);
    await stage.say('When do you close?');
    await stage.silence(240);
    expect(asked).toBe(1);
    await stage.silence(3000);
    expect(stage.transcript.at(-1)).toBe('agent: At five.');
    expect(await endingOf(stage)).toBe('still talking');
  });

  test('does not interrupt a caller in mid-sentence', async () => {
    const synthesizer = refusing((text) => text === 'Yes?');
    const answer = ({ turns }: Prompt) => {
      const last = turns.at(-1);
      return last?.speaker === 'caller' && last.text.endsWith('Anna.') ? 'Hello Anna.' : 'Yes?';
    };
    await using stage = staged(answer, { synthesizer }, patient);
    await greeted(stage);
    await stage.say('I have a question.');
    await stage.silence(300);
    await stage.say('I have a question. My name is Anna.');
    await stage.silence(3000);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: I have a question. My name is Anna.',
      'agent: Hello Anna.',
    ]);
  });

  test('ends the conversation when the caller waits for it', async () => {
    const synthesizer = refusing((text) => text === 'At five.');
    await using stage = staged('At five.', { synthesizer });
    await greeted(stage);
    await stage.say('When do you close?');
    await stage.silence(1000);
    expect(await endingOf(stage)).toBe('agent-lost');
  });

  test('ends the conversation only once what could be made is on its way', async () => {
    const synthesizer = refusing((text) => text.startsWith('On Sunday'));
    await using stage = staged('We close at five on most days of the week. On Sunday at noon.', {
      synthesizer,
    });
    await greeted(stage);
    await stage.say('When do you close?');
    await stage.silence(1500);
    expect(await endingOf(stage)).toBe('agent-lost');
    expect(stage.transcript.at(-1)).toMatch(/^agent: We close/);
  });

  test('is not missed by a caller who has interrupted it', async () => {
    const refused = Promise.withResolvers<boolean>();
    const synthesizer = refusing((text) => text.startsWith('Then') && refused.promise);
    const answer = ({ turns }: Prompt) =>
      turns.length > 3 ? 'Sure.' : 'First we look at the price of it all. Then we decide.';
    await using stage = staged(answer, { synthesizer });
    await greeted(stage);
    await stage.say('How does it work?');
    await stage.silence(500);
    await stage.say('Something else, please.', 400);
    refused.resolve(true);
    await stage.silence(2000);
    expect(stage.transcript.at(-1)).toBe('agent: Sure.');
  });

  test('is missed by a caller who has interrupted it with a cough', async () => {
    const refused = Promise.withResolvers<boolean>();
    const synthesizer = refusing((text) => text.startsWith('Then') && refused.promise);
    await using stage = staged('First we look. Then we decide.', { synthesizer });
    await greeted(stage);
    await stage.say('How does it work?');
    await stage.silence(500);
    await stage.say('', 300);
    refused.resolve(true);
    await stage.silence(2000);
    expect(await endingOf(stage)).toBe('agent-lost');
  });

  const moments = Array.from({ length: 13 }, (_, frame) => frame * 20);
  test.each(moments)('leaves nobody in silence when that shows %i ms later', async (ms) => {
    const refused = Promise.withResolvers<boolean>();
    let asked = 0;
    const synthesizer = refusing((text) => text === 'At five.' && asked++ === 0 && refused.promise);
    await using stage = staged('At five.', { synthesizer });
    await greeted(stage);
    await stage.say('When do you close?');
    await stage.silence(160);
    expect(asked).toBe(1);
    await stage.silence(ms);
    refused.resolve(true);
    await stage.silence(1500);
    const answered = stage.transcript.at(-1) === 'agent: At five.';
    expect(await endingOf(stage)).toBe(answered ? 'still talking' : 'agent-lost');
  });
});

describe('a model that has nothing to say', () => {
  const fallbackModel: LanguageModel = scripted('May I take a message?');
  const once =
    (...parts: ReplyPart[]) =>
    ({ turns }: Prompt): readonly ReplyPart[] =>
      turns.at(-1)?.speaker === 'tool' ? [] : parts;

  test.each(['', ' \n', '**', '...', '🙂'])('is followed by the next one: %j', async (nothing) => {
    await using stage = staged(nothing, { fallbackModel });
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(2000);
    expect(stage.turns.at(-1)?.heard).toContain('May I take a message?');
  });

  test('is apologised for when there is no other', async () => {
    await using stage = new Stage([]);
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(4000);
    expect(stage.transcript.at(-1)).toContain('agent: I am sorry');
  });

  test('is followed by the next one after a tool too', async () => {
    const answer = once(text('One moment.'), ...calls('take_message'));
    await using stage = staged(answer, { fallbackModel }, { tools: [takeMessage] });
    await greeted(stage);
    await stage.say('Tell them that Anna called.');
    await stage.silence(3000);
    expect(stage.transcript.at(-1)).toBe('agent: One moment. May I take a message?');
  });

  test('has nothing to add once it has hung up', async () => {
    const answer = once(text('Noted. Goodbye.'), ...calls('take_message', 'end_call'));
    await using stage = staged(answer, { fallbackModel }, { tools: [takeMessage] });
    await greeted(stage);
    await stage.say('Tell them that Anna called.');
    await stage.silence(3000);
    expect(await stage.ending).toBe('agent-hung-up');
    expect(stage.transcript.at(-1)).toBe('agent: Noted. Goodbye.');
  });

  test('but uses tools again and again is apologised for', async () => {
    await using stage = new Stage(calls('take_message'), { tools: [takeMessage] });
    await greeted(stage);
    await stage.say('Tell them that Anna called.');
    await stage.silence(4000);
    expect(stage.transcript.at(-1)).toContain('agent: I am sorry');
  });
});

test('a caller who interrupts the last words is not hung up on', async () => {
  const kept = Promise.withResolvers<ToolResult>();
  const tools = [{ ...takeMessage, run: () => kept.promise }];
  const goodbye = [text('I will tell them. Goodbye.'), ...calls('take_message', 'end_call')];
  const answer = ({ turns }: Prompt) => {
    if (turns.at(-1)?.speaker === 'tool') return [];
    return turns.length > 3 ? 'At five.' : goodbye;
  };
  await using stage = new Stage(answer, { tools });
  await greeted(stage);
  await stage.say('Tell them that Anna called.');
  await stage.silence(1600);
  await stage.say('And when do you close?', 300);
  kept.resolve({ output: 'kept' });
  await stage.say('And when do you close?', 300);
  await stage.silence(1500);
  expect(stage.transcript.at(-1)).toBe('agent: At five.');
  expect(await endingOf(stage)).toBe('still talking');
});
