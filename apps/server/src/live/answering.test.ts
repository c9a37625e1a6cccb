import { resolve } from 'node:path';
import type { CallPlan } from '@earshot/calls';
import { planOf } from '@earshot/calls/contracts';
import {
  type AgentMemory,
  type CallAgent,
  type CascadeEngines,
  DEFAULT_VAD,
  type Prompt,
  type Synthesizer,
} from '@earshot/conversation';
import type { Profile } from '@earshot/local';
import { afterEach, describe, expect, test } from 'vitest';
import { readReceptionist } from '../receptionist-file.ts';
import type { AgentCall } from './desk.ts';
import { Receptionist } from './receptionist.ts';

const never = new AbortController().signal;

const synthesizer: Synthesizer = {
  voice: 'fake',
  async *synthesize() {
    yield { samples: new Int16Array(160).fill(4_000), sampleRate: 8_000 };
  },
};

/** Of the language model, in characters. */
const ROOM = 6_000;

let prompts: Prompt[] = [];
let opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of opened) await one[Symbol.asyncDispose]();
  opened = [];
  prompts = [];
});

const engines: CascadeEngines = {
  recognizer: {
    recognize: async () => ({ text: '', confidence: 0, unclear: false, engineMs: 0, queuedMs: 0 }),
  },
  languageModel: {
    async *reply() {},
    systemRoom: () => ROOM,
    readAhead: async (prompt) => {
      prompts.push(prompt);
    },
  },
  synthesizer,
  voiceDetector: { open: () => ({ hear: () => 0, [Symbol.dispose]: () => {} }) },
  endOfTurn: null,
};

async function answer(
  plan: Partial<CallPlan>,
  earlier: AgentCall['earlier'] = null,
  more: Partial<Profile> = {},
  ending: AgentCall['ending'] = null,
) {
  const file = resolve(import.meta.dirname, '../../receptionists/hair-salon.yaml');
  const { recordingNotice: _, ...profile } = await readReceptionist(file);
  const receptionist = new Receptionist({
    profile: { ...profile, ...more },
    engines: {
      synthesizer,
      forCall: () => engines,
      languageModel: () => engines.languageModel,
    },
    vad: DEFAULT_VAD,
  });
  const agent = receptionist.answer({ plan: planOf(plan), earlier, ending, keep: () => true });
  opened.push(agent, receptionist);
  return agent;
}

/** The words of the agent's first reply. */
async function firstWords(agent: CallAgent): Promise<string> {
  for await (const event of agent.events(never)) {
    if (event.type !== 'reply') continue;
    const words: string[] = [];
    for await (const { text } of event.speech) words.push(text);
    return words.filter(Boolean).join(' ');
  }
  return '';
}

const QUESTION = { speaker: 'agent', text: 'What is your name?', interrupted: false } as const;

/** What is known of a call that was lost after this question. */
const EARLIER: AgentMemory = {
  turns: [QUESTION],
  memory: null,
  expectation: { topic: 'name' },
  elapsedMs: 7_000,
  toSay: [],
  saying: '',
  noticeHeard: false,
};

describe('a receptionist', () => {
  test('greets as the business does', async () => {
    expect(await firstWords(await answer({}))).toMatch(/Shear Delight/);
  });

  test('thanks nobody for calling whom it has called', async () => {
    expect(await firstWords(await answer({ direction: 'outbound' }))).toBe(
      'Hello, this is Shear Delight. How can I help you?',
    );
  });

  test('greets, and is told who it is, as the call’s plan says', async () => {
    const plan = { greeting: 'Hi Jane, a call about Tuesday.', systemPrompt: 'You are a pirate.' };
    expect(await firstWords(await answer(plan))).toBe('Hi Jane, a call about Tuesday.');
    expect(prompts[0]?.system).toBe('You are a pirate.');
  });

  test('tells the language model as much of the website as it takes in', async () => {
    await answer({}, null, { websiteText: 'We cut hair. '.repeat(1_600) });
    expect(prompts[0]?.system.length).toBeLessThanOrEqual(ROOM);
    expect(prompts[0]?.system.length).toBeGreaterThan(ROOM - 50);
    expect(prompts[0]?.system).toContain('We cut hair.\n[Truncated');
  });

  test('says that the call is recorded before anything else, and only then', async () => {
    expect(await firstWords(await answer({ record: true }))).toMatch(/^This call is recorded\. /);
    expect(await firstWords(await answer({ greeting: 'Hi.', record: true }))).toBe(
      'This call is recorded. Hi.',
    );
    expect(await firstWords(await answer({}))).not.toContain('recorded');
  });

  test('owes a caller whose notice was cut off with the line another one', async () => {
    const turns = [{ speaker: 'agent', text: 'This call is', interrupted: true } as const];
    const earlier = { ...EARLIER, turns };
    expect(await firstWords(await answer({ record: true }, earlier))).toMatch(
      /^This call is recorded\. Sorry, I'm back\./,
    );
  });

  test('is back where the call was lost', async () => {
    const earlier = { ...EARLIER, toSay: ['We close soon.'], noticeHeard: true };
    const agent = await answer({ greeting: 'Hi.', record: true }, earlier);
    expect(await firstWords(agent)).toMatch(/^Sorry, I'm back\..*What is your name\?$/);
    expect(agent.memory).toMatchObject({
      expectation: { topic: 'name' },
      elapsedMs: 7_000,
      toSay: ['We close soon.'],
    });
  });

  test('says what it was saying, once', async () => {
    const turns = [{ speaker: 'caller', text: 'My name is Anna.' } as const];
    const earlier = { ...EARLIER, turns, saying: 'And your number?' };
    const again = "Sorry, I'm back. We were cut off. And your number?";
    expect(await firstWords(await answer({}, earlier))).toBe(again);
    expect(await firstWords(await answer({}, { ...earlier, saying: again }))).toBe(again);
  });

  test('is there when nobody else could take the call, and knows of it', async () => {
    const agent = await answer({ greeting: 'Hi.' }, EARLIER, {}, 'transferring');
    expect(await firstWords(agent)).toBe(
      'Nobody could take your call there. Shall I take a message?',
    );
    expect(agent.memory).toMatchObject({
      turns: [
        QUESTION,
        { speaker: 'tool', result: { error: expect.stringContaining('Nobody answered') } },
      ],
      memory: { question: 'choice' },
      expectation: { topic: 'yes-no' },
    });
  });

  test('lets nobody talk for longer than the plan says', async () => {
    const agent = await answer({ maxDurationMs: 1_000 });
    const frame = { samples: new Int16Array(160), sampleRate: 8_000 };
    for (let at = 0; at < 60; at++) agent.hear(frame);
    const events = agent.events(never)[Symbol.asyncIterator]();
    const types: unknown[] = [];
    while (types.at(-1) !== 'farewell') {
      const { value } = await events.next();
      types.push(value.type);
      if (value.type === 'reply') for await (const _ of value.speech) types.push('speech');
      if (value.type === 'farewell') expect(value.timeIsUp).toBe(true);
    }
  });
});
