import { describe, expect, test } from 'vitest';
import type { AgentMemory } from './agent-memory.ts';
import type { Prompt } from './ports.ts';
import { LETTER_MS, Stage, steadyVoice } from './stage.fake.ts';

const EARLIER: AgentMemory = {
  turns: [],
  memory: null,
  expectation: { topic: 'anything' },
  elapsedMs: 0,
  toSay: [],
  saying: '',
  noticeHeard: false,
};

/** Past the greeting, with nobody speaking. */
async function greeted(stage: Stage): Promise<void> {
  await stage.silence(600);
}

describe('a turn', () => {
  test('the greeting is spoken first, and its end opens the floor', async () => {
    await using stage = new Stage('Sure.');
    await greeted(stage);
    expect(stage.transcript).toEqual(['agent: Hi.']);
    expect(stage.ear).toContain('#');
  });

  test('a complete sentence is answered within 250 ms of its last sound, engines not counted', async () => {
    await using stage = new Stage('We are open until five.');
    await greeted(stage);
    await stage.say('When do you close?');
    const ended = stage.ear.length;
    await stage.silence(1500);
    const gapMs = (stage.ear.indexOf('#', ended) - ended) * 20;
    expect(gapMs).toBeLessThanOrEqual(250);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: When do you close?',
      'agent: We are open until five.',
    ]);
  });

  test('an unfinished sentence is waited for', async () => {
    await using stage = new Stage('All right.');
    await greeted(stage);
    await stage.say('I would like to');
    await stage.silence(900);
    expect(stage.turns.filter(({ speaker }) => speaker === 'caller')).toEqual([]);
    await stage.say('I would like to book a table.');
    await stage.silence(1500);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: I would like to book a table.',
      'agent: All right.',
    ]);
  });

  describe('words that take longer than three seconds', () => {
    async function asking(late: Promise<string>): Promise<Stage> {
      const stage = new Stage('At five.');
      await greeted(stage);
      stage.words = late;
      await stage.hear('#'.repeat(30));
      await stage.silence(3100);
      return stage;
    }

    test('are answered at once if nothing was said yet', async () => {
      const late = Promise.withResolvers<string>();
      await using stage = new Stage('At five.');
      await greeted(stage);
      stage.words = late.promise;
      await stage.hear('#'.repeat(30));
      await stage.silence(2800);
      late.resolve('When do you close?');
      await stage.silence(1000);
      expect(stage.transcript.slice(1)).toEqual(['caller: When do you close?', 'agent: At five.']);
    });

    test.each([0, 1500, 4000])(
      'are waited for, and answered when they come after %i ms more',
      async (ms) => {
        const late = Promise.withResolvers<string>();
        await using stage = await asking(late.promise);
        await stage.silence(ms);
        late.resolve('When do you close?');
        await stage.silence(2000);
        expect(stage.transcript.slice(1)).toEqual([
          'caller: When do you close?',
          expect.stringMatching(/^agent: Let me see\. .*At five\.$/),
        ]);
        expect(stage.ear.slice(60)).not.toContain('.'.repeat(170));
        expect(stage.prompts.map(({ turns }) => turns.at(-1))).toEqual([
          { speaker: 'caller', text: 'When do you close?' },
        ]);
      },
    );

    test('and are none are asked for again', async () => {
      const late = Promise.withResolvers<string>();
      await using stage = await asking(late.promise);
      late.resolve('');
      await stage.silence(2000);
      expect(stage.transcript.slice(1)).toEqual([
        'caller: [unclear]',
        'agent: Let me see. At five.',
      ]);
    });

    test('are not waited for in vain', async () => {
      await using stage = await asking(new Promise<string>(() => {}));
      await stage.silence(9000);
      expect(stage.transcript.slice(1)).toEqual([
        'caller: [unclear]',
        'agent: Let me see. Sorry, this takes a moment. I am still here. At five.',
      ]);
    });

    test('are known to the model also when it has used a tool', async () => {
      const late = Promise.withResolvers<string>();
      const call = { id: '1', name: 'look_up', arguments: {} };
      const run = async () => ({ output: 5 });
      const tool = { name: 'look_up', description: '', parameters: {}, run };
      const answer = ({ turns }: Prompt) =>
        turns.at(-1)?.speaker === 'tool' ? 'At five.' : [{ type: 'tool-call' as const, call }];
      await using stage = new Stage(answer, { tools: [tool] });
      await greeted(stage);
      stage.words = late.promise;
      await stage.hear('#'.repeat(30));
      await stage.silence(3500);
      late.resolve('When do you close?');
      await stage.silence(2000);
      const speakers = stage.prompts.at(-1)?.turns.map(({ speaker }) => speaker);
      expect(speakers).toEqual(['agent', 'caller', 'tool']);
      expect(stage.transcript.at(-1)).toContain('At five.');
    });

    test.each([
      ['mm-hm', '~'],
      ['Okay.', '#'],
    ])('are not lost for an "%s" over the line that says so', async (words, sound) => {
      const late = Promise.withResolvers<string>();
      await using stage = await asking(late.promise);
      await stage.silence(200);
      await stage.say(words, 200, sound);
      await stage.silence(600);
      late.resolve('When do you close?');
      await stage.silence(3000);
      expect(stage.transcript).toContain('caller: When do you close?');
      expect(stage.transcript.at(-1)).toContain('At five.');
    });

    test.each([100, 900])('give way to what the caller says %i ms later', async (ms) => {
      await using stage = await asking(new Promise<string>(() => {}));
      await stage.silence(ms);
      await stage.say('When do you close?', 600);
      await stage.silence(2000);
      expect(stage.transcript.toSpliced(0, 1).filter((line) => !line.includes('Let me'))).toEqual([
        'caller: [unclear]',
        'caller: When do you close?',
        'agent: At five.',
      ]);
    });

    test('are the rest of a turn whose beginning is known', async () => {
      const late = Promise.withResolvers<string>();
      await using stage = new Stage('At five.');
      await greeted(stage);
      await stage.say('I would like to');
      await stage.silence(400);
      await stage.hear('#'.repeat(3));
      stage.words = late.promise;
      await stage.hear('#'.repeat(30));
      await stage.silence(3500);
      late.resolve('I would like to know when you close.');
      await stage.silence(1500);
      expect(stage.transcript.slice(1)).toEqual([
        'caller: I would like to know when you close.',
        'agent: Let me see. At five.',
      ]);
    });

    test('leave the language model its time', async () => {
      const late = Promise.withResolvers<string>();
      const slow = Promise.withResolvers<string>();
      await using stage = await asking(late.promise);
      stage.answer = () => slow.promise;
      await stage.silence(4000);
      late.resolve('When do you close?');
      await stage.silence(2000);
      slow.resolve('At five.');
      await stage.silence(1000);
      expect(stage.transcript.at(-1)).toMatch(/here\. At five\.$/);
    });

    test('are answered with what is to be remembered and expected afterwards', async () => {
      const late = Promise.withResolvers<string>();
      await using stage = await asking(late.promise);
      stage.answer = () => [
        { type: 'text', text: 'Which day?' },
        { type: 'memory', memory: 'asked for a day' },
        { type: 'expectation', expectation: { topic: 'day' } },
      ];
      await stage.silence(1000);
      late.resolve('I would like an appointment.');
      await stage.silence(2000);
      await stage.say('Monday.');
      await stage.silence(1000);
      expect(stage.prompts.at(-1)?.memory).toBe('asked for a day');
      expect(stage.expectations.at(-1)).toEqual({ topic: 'day' });
    });

    test('are recognised together with what the caller adds before an answer is heard', async () => {
      await using stage = new Stage('At five.');
      await greeted(stage);
      stage.words = new Promise<string>(() => {});
      await stage.hear('#'.repeat(30));
      await stage.silence(2940);
      await stage.say('When do you close?', 600);
      await stage.silence(2000);
      expect(stage.utterancesMs.at(-1)).toBeGreaterThan(4000);
      expect(stage.transcript.slice(1)).toEqual(['caller: When do you close?', 'agent: At five.']);
    });
  });

  test('a reply that was begun too early is taken back, and leaves no trace', async () => {
    const slow = Promise.withResolvers<string>();
    let asked = 0;
    await using stage = new Stage(() => (asked++ === 0 ? slow.promise : 'Both, of course.'));
    await greeted(stage);
    await stage.say('I have a question.');
    await stage.silence(400);
    await stage.say('I have a question. About Monday, and Tuesday.');
    await stage.silence(2000);
    expect(stage.abandoned.length).toBeGreaterThanOrEqual(1);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: I have a question. About Monday, and Tuesday.',
      'agent: Both, of course.',
    ]);
  });

  test('at most three replies are begun ahead in one turn', async () => {
    await using stage = new Stage('Fine.', { vad: { silenceDurationMs: 1500 } });
    await greeted(stage);
    const sentences = ['We live here.', 'We have a cat.', 'It is black.', 'It likes fish.'];
    for (const [last] of sentences.entries()) {
      const words = sentences.slice(0, last + 1).join(' ');
      await stage.say(words, 200);
      await stage.silence(180);
    }
    expect(stage.prompts.length).toBe(3);
  });

  test('sound without words is not a turn', async () => {
    await using stage = new Stage('Hm?');
    await greeted(stage);
    await stage.say('', 300);
    await stage.silence(2000);
    expect(stage.transcript).toEqual(['agent: Hi.']);
  });
});

describe('barge-in', () => {
  const long = 'We are open from Monday to Friday, from nine to five, and on Saturday until noon.';

  test('firm voice over the agent silences it, and the transcript ends at the heard word', async () => {
    await using stage = new Stage((prompt) => (prompt.turns.length > 3 ? 'Sure.' : long));
    await greeted(stage);
    await stage.say('When are you open?');
    await stage.silence(1000);
    const from = stage.ear.length;
    await stage.say('Stop please, something else.', 600);
    const silentAfterMs = stage.ear.slice(from).indexOf('.') * 20;
    expect(silentAfterMs).toBeLessThanOrEqual(200);
    await stage.silence(1500);
    const cut = stage.turns.find(({ interrupted }) => interrupted);
    const heardMs = (cut?.endMs ?? 0) - (cut?.startMs ?? 0);
    expect(long.startsWith(cut?.heard ?? '?')).toBe(true);
    expect(Math.abs((cut?.heard.length ?? 0) - heardMs / LETTER_MS)).toBeLessThanOrEqual(9);
    expect(stage.transcript.at(-1)).toBe('agent: Sure.');
  });

  test('the language model learns only what was heard', async () => {
    await using stage = new Stage(long);
    await greeted(stage);
    await stage.say('When are you open?');
    await stage.silence(1000);
    await stage.say('Stop please.', 600);
    await stage.silence(1000);
    const turns = stage.prompts.at(-1)?.turns ?? [];
    const agent = turns.findLast((turn) => turn.speaker === 'agent');
    expect(agent).toMatchObject({ interrupted: true });
    expect(agent?.text.length).toBeLessThan(long.length);
  });

  test('a murmured backchannel leaves the agent speaking', async () => {
    await using stage = new Stage(long);
    await greeted(stage);
    await stage.say('When are you open?');
    await stage.silence(800);
    const from = stage.ear.length;
    await stage.say('mm-hm', 300, '~');
    await stage.silence(600);
    expect(stage.ear.slice(from)).not.toContain('.');
    expect(stage.line.cleared).toEqual([]);
    expect(stage.observed.map(({ type }) => type)).toContain('backchannel');
  });

  test('a loud "yeah" that stopped the agent lets it go on from the first unheard clause', async () => {
    await using stage = new Stage('First we look. Then we talk about the price. Then we decide.');
    await greeted(stage);
    await stage.say('How does it work?');
    await stage.silence(600);
    await stage.say('Yeah.', 300);
    await stage.silence(3500);
    const agent = stage.turns
      .filter(({ speaker }) => speaker === 'agent')
      .map(({ heard }) => heard);
    expect(agent.length).toBe(3);
    expect(agent.at(-1)).toBe('Then we talk about the price. Then we decide.');
    expect(stage.turns.filter(({ speaker }) => speaker === 'caller').length).toBe(1);
  });

  test('a false barge-in without words resumes too', async () => {
    await using stage = new Stage('First we look. Then we talk about the price. Then we decide.');
    await greeted(stage);
    await stage.say('How does it work?');
    await stage.silence(900);
    await stage.say('', 300);
    await stage.silence(4000);
    expect(stage.transcript.at(-1)).toContain('Then we decide.');
  });

  test('"yes" over the last word of a question is the answer to it', async () => {
    await using stage = new Stage((prompt) => (prompt.turns.length > 3 ? 'Good.' : 'Is it so?'));
    await greeted(stage);
    await stage.say('I have a dog.');
    await stage.silence(260);
    await stage.say('Yes.', 80, '~');
    await stage.silence(3000);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: I have a dog.',
      'agent: Is it so?',
      'caller: Yes.',
      'agent: Good.',
    ]);
  });

  test('a cough over the last word of a question is no answer to it', async () => {
    await using stage = new Stage('Is it so, or is it not so?');
    await greeted(stage);
    await stage.say('I have a dog.');
    await stage.silence(400);
    await stage.say('', 80, '~');
    await stage.silence(3000);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: I have a dog.',
      'agent: Is it so, or is it not so?',
    ]);
  });
});

describe('silence', () => {
  test('words that take long are announced, and dead air ends after three seconds', async () => {
    const late = Promise.withResolvers<string>();
    await using stage = new Stage(() => late.promise);
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(4500);
    expect(stage.transcript).toEqual(['agent: Hi.', 'caller: Do you have it in blue?']);
    expect(stage.prompts.length).toBe(1);
    expect(stage.ear.slice(60)).toContain('#');
    late.resolve('Yes, in blue too.');
    await stage.silence(2500);
    const heard = stage.turns.at(-1)?.heard ?? '';
    expect(heard).toContain('Let me see.');
    expect(heard).toContain('I am still here.');
    expect(heard).toContain('Yes, in blue too.');
  });

  test('a language model that never answers is replaced by the next one', async () => {
    const fallbackModel = {
      async *reply() {
        yield { type: 'text' as const, text: 'May I take a message?' };
      },
    };
    const engines = { fallbackModel } as never;
    await using stage = new Stage(() => new Promise<string>(() => {}), { engines });
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(11_000);
    expect(stage.turns.at(-1)?.heard).toContain('May I take a message?');
  });

  test('a language model that fails is apologised for, and the call goes on', async () => {
    await using stage = new Stage(new Error('refused'));
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(4000);
    expect(stage.transcript.at(-1)).toContain('agent: I am sorry');
  });

  test('a language model that fails in mid-reply is relieved by the next one, and nothing said is lost', async () => {
    const languageModel = {
      async *reply() {
        yield { type: 'text' as const, text: 'Of course. We have it in' };
        yield { type: 'tool-call' as const, call: { id: '1', name: 'end_call', arguments: {} } };
        throw new Error('out of memory');
      },
    };
    const fallbackModel = {
      async *reply() {
        yield { type: 'text' as const, text: 'Yes, in blue too.' };
      },
    };
    const engines = { languageModel, fallbackModel } as never;
    await using stage = new Stage('', { engines });
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(6000);
    expect(stage.transcript.at(-1)).toBe('agent: Of course. We have it in Yes, in blue too.');
    expect(stage.observed.map(({ type }) => type)).not.toContain('tool-called');
  });

  test('a silent caller is asked twice and then bidden goodbye', async () => {
    await using stage = new Stage('Sure.');
    await stage.silence(32_000);
    expect(await stage.ending).toBe('agent-hung-up');
    expect(stage.transcript.map((line) => line.slice(0, 22))).toEqual([
      'agent: Hi.',
      'agent: Are you still t',
      'agent: I cannot hear y',
      'agent: I still cannot ',
    ]);
  });

  test('a prompt that takes time to be spoken is waited for', async () => {
    const spoken = Promise.withResolvers<void>();
    const synthesizer = {
      voice: 'slow',
      async *synthesize(text: string, signal: AbortSignal) {
        if (text.startsWith('Are you')) await spoken.promise;
        yield* steadyVoice.synthesize(text, signal);
      },
    };
    await using stage = new Stage('Sure.', { engines: { synthesizer } as never });
    await greeted(stage);
    await stage.silence(9000);
    spoken.resolve();
    await stage.silence(4000);
    expect(stage.transcript).toEqual(['agent: Hi.', 'agent: Are you still there?']);
  });

  test('the end of the longest call is announced, and comes', async () => {
    const warning = 'agent: We have about half a minute left on this call.';
    await using stage = new Stage('Sure.', { maxDurationMs: 64_000 });
    await greeted(stage);
    const talk = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) {
        await stage.say('I am still here.');
        await stage.silence(4000);
      }
    };
    await talk(6);
    expect(stage.transcript).not.toContain(warning);
    await talk(3);
    expect(stage.transcript).toContain(warning);
    await talk(6);
    expect(await stage.ending).toBe('max-duration');
    expect(stage.transcript.at(-1)).toContain('Goodbye.');
  });

  test.each([
    ['is short from the beginning', { maxDurationMs: 20_000 }],
    [
      'was taken over in its last half minute',
      { maxDurationMs: 64_000, earlier: { ...EARLIER, elapsedMs: 40_000 } },
    ],
  ])('the end of a call that %s is not announced', async (_, options) => {
    await using stage = new Stage('Sure.', options);
    await greeted(stage);
    await stage.silence(6000);
    expect(stage.transcript).toEqual(['agent: Hi.']);
  });

  test('whoever only clicks and coughs is not there: asked twice, and told goodbye', async () => {
    await using stage = new Stage('Sure.');
    await greeted(stage);
    for (let at = 0; at < 40_000; at += 4000) {
      await stage.silence(3000);
      await stage.hear('#');
      await stage.silence(500);
      await stage.say('', 100);
      await stage.silence(380);
    }
    expect(await stage.ending).toBe('agent-hung-up');
    expect(stage.transcript).toHaveLength(4);
  });
});

describe('keys and tools', () => {
  test('words after a key are heard from their beginning', async () => {
    await using stage = new Stage('Sure.');
    await greeted(stage);
    await stage.press('1');
    await stage.silence(200);
    await stage.say('I would like an appointment.', 3000);
    await stage.silence(2000);
    expect(stage.transcript.slice(1)).toEqual([
      'caller: [digits 1] I would like an appointment.',
      'agent: Sure.',
    ]);
    expect(stage.utterancesMs.at(-1)).toBeGreaterThan(3000);
  });

  test.each([0, 100, 200, 600])('words %i ms before keys are not lost', async (pauseMs) => {
    await using stage = new Stage('Sure.');
    await greeted(stage);
    await stage.say('My number is', 900);
    await stage.silence(pauseMs);
    await stage.press('555');
    await stage.silence(3000);
    const told = ['caller: My number is [digits 555]', 'agent: Sure.'];
    expect(stage.transcript.slice(1)).toEqual(told);
  });

  test.each([
    ['nobody', null],
    ['somebody', { estimate: async () => 0.9 }],
  ])(
    'words, keys and words are one turn in their order, where %s judges their sound',
    async (_, endOfTurn) => {
      await using stage = new Stage('Sure.', { engines: { endOfTurn } as never });
      await greeted(stage);
      await stage.say('My number is', 900);
      await stage.press('555');
      await stage.silence(600);
      await stage.say('and my name is Anna Miller.', 900);
      await stage.silence(2000);
      expect(stage.transcript.slice(1)).toEqual([
        'caller: My number is [digits 555] and my name is Anna Miller.',
        'agent: Sure.',
      ]);
    },
  );

  test('a cough between keys ends no number', async () => {
    await using stage = new Stage('Sure.');
    await greeted(stage);
    await stage.press('555');
    await stage.silence(300);
    await stage.say('', 120);
    await stage.silence(1500);
    await stage.press('0142');
    await stage.silence(3000);
    expect(stage.transcript.at(1)).toMatch(/^caller: \[digits 555\] ?\[digits 0142\]$/);
  });

  test('pressed keys are one turn', async () => {
    await using stage = new Stage('Thank you.');
    await greeted(stage);
    await stage.press('555');
    await stage.silence(400);
    await stage.press('1234#');
    await stage.silence(3000);
    expect(stage.transcript.slice(1)).toEqual(['caller: [digits 5551234]', 'agent: Thank you.']);
  });

  test('a tool runs once the floor is ours, and its result reaches model and transcript', async () => {
    const taken: unknown[] = [];
    const tool = {
      name: 'take_message',
      description: 'Takes a message.',
      parameters: { type: 'object' },
      run: async (args: Readonly<Record<string, unknown>>) => {
        taken.push(args);
        return { output: 'kept' };
      },
    };
    const call = { id: '1', name: 'take_message', arguments: { name: 'Anna' } };
    const answer = ({ turns }: Prompt) =>
      turns.at(-1)?.speaker === 'tool'
        ? 'I will tell them.'
        : [{ type: 'tool-call' as const, call }];
    await using stage = new Stage(answer, { tools: [tool] });
    await greeted(stage);
    await stage.say('Tell them Anna called.');
    await stage.silence(2000);
    expect(taken).toEqual([{ name: 'Anna' }]);
    expect(stage.transcript.at(-1)).toBe('agent: I will tell them.');
    expect(stage.observed).toContainEqual({
      type: 'tool-called',
      call,
      result: { output: 'kept' },
    });
  });

  test('what is said before a tool is spoken while the tool works', async () => {
    const done = Promise.withResolvers<void>();
    const tool = {
      name: 'look_up',
      description: 'Takes its time.',
      parameters: { type: 'object' },
      run: async () => {
        await done.promise;
        return { output: 'found' };
      },
    };
    const call = { id: '1', name: 'look_up', arguments: {} };
    const answer = ({ turns }: Prompt) =>
      turns.at(-1)?.speaker === 'tool'
        ? 'Found it.'
        : [
            { type: 'text' as const, text: 'One moment, please.' },
            { type: 'tool-call' as const, call },
          ];
    await using stage = new Stage(answer, { tools: [tool] });
    await greeted(stage);
    await stage.say('Is it there?');
    const from = stage.ear.length;
    await stage.silence(900);
    expect(stage.ear.slice(from)).toContain('#');
    done.resolve();
    await stage.silence(1500);
    expect(stage.transcript.at(-1)).toBe('agent: One moment, please. Found it.');
  });

  test('end_call lets the farewell be heard to its end before hanging up', async () => {
    const call = { id: '1', name: 'end_call', arguments: {} };
    await using stage = new Stage([
      { type: 'text', text: 'Goodbye then.' },
      { type: 'tool-call', call },
    ]);
    await greeted(stage);
    await stage.say('That was all.');
    await stage.silence(2000);
    expect(await stage.ending).toBe('agent-hung-up');
    expect(stage.transcript.at(-1)).toBe('agent: Goodbye then.');
  });
});

describe('what must not happen', () => {
  const takesMessage = (run: () => Promise<{ output: string }>) => ({
    name: 'take_message',
    description: 'Takes a message.',
    parameters: { type: 'object' },
    run,
  });
  const toolCall = (name: string) => ({
    type: 'tool-call' as const,
    call: { id: name, name, arguments: {} },
  });
  const text = (words: string) => ({ type: 'text' as const, text: words });

  test('a reply that was taken back runs no tool', async () => {
    let taken = 0;
    const tool = takesMessage(async () => ({ output: `kept ${++taken}` }));
    const options = { tools: [tool], vad: { silenceDurationMs: 1500 } };
    await using stage = new Stage([text('Sure.'), toolCall('take_message')], options);
    await greeted(stage);
    await stage.say('Can you tell them that Anna called?');
    await stage.silence(300);
    expect(stage.prompts.length).toBe(1);
    await stage.say('No, better not.', 400);
    expect(taken).toBe(0);
  });

  test('the end_call of a reply that was interrupted does not hang up on the next one', async () => {
    const slow = Promise.withResolvers<{ output: string }>();
    const tool = takesMessage(() => slow.promise);
    const first = [
      text('One moment please, I will write that down.'),
      toolCall('take_message'),
      toolCall('end_call'),
    ];
    const answer = ({ turns }: Prompt) =>
      turns.some((turn) => turn.speaker === 'caller' && turn.text.includes('close'))
        ? 'At five.'
        : first;
    await using stage = new Stage(answer, { tools: [tool] });
    await greeted(stage);
    await stage.say('Tell them that Anna called.');
    await stage.silence(600);
    await stage.say('And when do you close?');
    await stage.silence(400);
    slow.resolve({ output: 'kept' });
    await stage.silence(3000);
    expect(stage.transcript.at(-1)).toBe('agent: At five.');
    const still = Symbol('still talking');
    expect(await Promise.race([stage.ending, Promise.resolve(still)])).toBe(still);
  });

  test('the longest duration ends the call while the agent speaks, keys or not', async () => {
    await using stage = new Stage('word '.repeat(60), { maxDurationMs: 6000 });
    await greeted(stage);
    await stage.say('Tell me everything, please.');
    await stage.silence(5400);
    await stage.press('1');
    await stage.silence(4000);
    expect(await stage.ending).toBe('max-duration');
    expect(stage.transcript.at(-1)).toContain('Goodbye.');
  });

  test('a model that stalls in mid-sentence is followed by the next one', async () => {
    const stalled = {
      async *reply() {
        yield text('Well, ');
        await new Promise(() => {});
      },
    };
    const fallbackModel = {
      async *reply() {
        yield text('May I take a message?');
      },
    };
    const engines = { languageModel: stalled, fallbackModel } as never;
    await using stage = new Stage('', { engines });
    await greeted(stage);
    await stage.say('Do you have it in blue?');
    await stage.silence(11_000);
    expect(stage.turns.at(-1)?.heard).toContain('May I take a message?');
  });

  test('a tool that never answers is given up, and the call goes on', async () => {
    const tool = takesMessage(() => new Promise(() => {}));
    const answer = ({ turns }: Prompt) => {
      const last = turns.at(-1);
      if (last?.speaker === 'tool') return 'error' in last.result ? 'That did not work.' : 'Done.';
      return [text('One moment.'), toolCall('take_message')];
    };
    await using stage = new Stage(answer, { tools: [tool] });
    await greeted(stage);
    await stage.say('Tell them that Anna called.');
    await stage.silence(12_000);
    expect(stage.turns.at(-1)?.heard).toContain('That did not work.');
  });

  test('the last words before a hang-up are in the transcript', async () => {
    await using stage = new Stage('Thanks.');
    await greeted(stage);
    await stage.say('My number is five five five one and');
    await stage.silence(240);
    stage.line.send({ type: 'hung-up' });
    expect(await stage.ending).toBe('caller-hung-up');
    expect(stage.transcript.at(-1)).toBe('caller: My number is five five five one and');
  });

  test('words before keys are not lost', async () => {
    await using stage = new Stage('Thanks.');
    await greeted(stage);
    await stage.say('My name is Anna and my number is');
    await stage.silence(400);
    await stage.press('56');
    await stage.silence(2500);
    expect(stage.transcript).toContain('caller: My name is Anna and my number is [digits 56]');
  });

  test('a very long turn keeps its beginning', async () => {
    await using stage = new Stage('I see.');
    await greeted(stage);
    await stage.say('It began in spring, and', 16_000);
    await stage.silence(400);
    await stage.say('then came the rain, and', 16_000);
    await stage.silence(400);
    await stage.say('that is all.', 1000);
    await stage.silence(2500);
    expect(stage.transcript[1]).toBe(
      'caller: It began in spring, and then came the rain, and that is all.',
    );
  });
});
