import type { Prompt, PromptTurn } from '@earshot/conversation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PromptMessage, promptMessages } from './prompt-messages.ts';

const caller = (text: string): PromptTurn => ({ speaker: 'caller', text });
const agent = (text: string, interrupted = false): PromptTurn => ({
  speaker: 'agent',
  text,
  interrupted,
});
const tool = (output: unknown): PromptTurn => ({
  speaker: 'tool',
  call: { id: 'c1', name: 'take_message', arguments: { name: 'Ann' } },
  result: { output },
});
const prompt = (...turns: PromptTurn[]): Prompt => ({
  system: 'You are Rosie.',
  turns,
  tools: [],
  memory: null,
});
/** Roles by initial, a call as '!', and the text. */
const sketch = (given: Prompt, budget = 100_000) =>
  promptMessages(given, budget)
    .slice(1)
    .map((m) => `${m.role[0]}${m.role === 'assistant' && m.call ? '!' : ''} ${m.text}`);

test('a call begins with the caller on the line', () => {
  expect(sketch(prompt())).toEqual(['u [call connected]']);
  expect(sketch(prompt(agent('Hello!'), caller('Hi.')))).toEqual([
    'u [call connected]',
    'a Hello!',
    'u Hi.',
  ]);
});

test('the model is told where it was interrupted, in the words that follow', () => {
  const turns = [caller('Hours?'), agent('We open at', true), caller('On Sundays.')];
  expect(sketch(prompt(...turns))).toEqual([
    'u Hours?',
    'a We open at',
    'u [interrupted you] On Sundays.',
  ]);
  expect(sketch(prompt(...turns.slice(0, 2)))).toEqual([
    'u Hours?',
    'a We open at',
    'u [interrupted you]',
  ]);
});

test('an interruption is told even when a tool was called in between', () => {
  const turns = [caller('Bye.'), agent('Goodb', true), tool('done'), caller('Wait!')];
  expect(sketch(prompt(...turns))).toEqual([
    'u Bye.',
    'a! Goodb',
    't done',
    'u [interrupted you] Wait!',
  ]);
});

test('silence stands between two turns of the agent, and after the last', () => {
  expect(sketch(prompt(caller('Hm.'), agent('Yes?'), agent('Are you there?')))).toEqual([
    'u Hm.',
    'a Yes?',
    'u [silence]',
    'a Are you there?',
    'u [silence]',
  ]);
});

test('two turns of the caller become one message; what was not understood stays in it', () => {
  expect(sketch(prompt(caller('Well,'), caller('[unclear]'), caller('[digits 12]')))).toEqual([
    'u Well,\n[unclear]\n[digits 12]',
  ]);
});

test('a turn of which nothing was heard does not exist', () => {
  expect(sketch(prompt(caller('Hi.'), agent('', true), caller('Hello?')))).toEqual([
    'u Hi.\nHello?',
  ]);
});

test('tool results are told as text, errors as errors, and no result fills the prompt', () => {
  const failed: PromptTurn = {
    speaker: 'tool',
    call: { id: 'c2', name: 'x', arguments: {} },
    result: { error: 'no such day' },
  };
  const turns = [caller('a'), tool({ ok: true }), failed, tool('x'.repeat(9000))];
  expect(sketch(prompt(...turns))).toEqual([
    'u a',
    'a! ',
    't {"ok":true}',
    'a! ',
    't error: no such day',
    'a! ',
    expect.stringMatching(/^t x{3900,4000}$/),
  ]);
  expect(sketch(prompt(tool(undefined)))[2]).toBe('t done');
});

test('however much was said to a tool, it is told whether that succeeded', () => {
  const args = { message: 'x'.repeat(3_000) };
  const call = { id: 'c1', name: 'take_message', arguments: args };
  const turn: PromptTurn = { speaker: 'tool', call, result: { output: 'It is passed on.' } };
  expect(sketch(prompt(turn), 5_000).at(-1)).toBe('t It is passed on.');
});

test('a long call keeps the system prompt and the newest turns', () => {
  const turns = Array.from({ length: 200 }, (_, i) =>
    i % 2 ? agent(`reply ${i}`) : caller(`words ${i}`),
  );
  const messages = promptMessages(prompt(...turns), 3000);
  expect(messages[0]?.text).toContain('You are Rosie.');
  expect(messages.slice(-3).map(({ text }) => text)).toEqual([
    'words 198',
    'reply 199',
    '[silence]',
  ]);
  expect(messages.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(3000);
});

test('most prompts begin like the one before, so that the server need not read them again', () => {
  const turns = Array.from({ length: 120 }, (_, i) =>
    i % 2 ? agent(`reply ${i}`) : caller(`words ${i}`),
  );
  let kept = 0;
  for (let length = 60; length < 119; length += 2) {
    const before = sketch(prompt(...turns.slice(0, length - 1)), 1500);
    const after = sketch(prompt(...turns.slice(0, length + 1)), 1500);
    if (before.every((line, i) => line === after[i])) kept += 1;
  }
  expect(kept).toBeGreaterThanOrEqual(22);
});

const anyTurn: fc.Arbitrary<PromptTurn> = fc.oneof(
  fc.string({ maxLength: 40 }).map(caller),
  fc.tuple(fc.string({ maxLength: 40 }), fc.boolean()).map(([text, cut]) => agent(text, cut)),
  fc.jsonValue().map(tool),
);

test('whatever happened: it begins and ends on the other side, nobody speaks twice, calls have results', () => {
  fc.assert(
    fc.property(fc.array(anyTurn, { maxLength: 40 }), fc.nat(4000), (turns, budget) => {
      const [system, ...rest] = promptMessages(prompt(...turns), budget);
      expect(system?.role).toBe('system');
      expect(rest[0]?.role).toBe('user');
      expect(['user', 'tool']).toContain(rest.at(-1)?.role);
      rest.forEach((message, i) => {
        const next = rest[i + 1];
        if (message.role === 'user') expect(next?.role ?? 'assistant').toBe('assistant');
        if (message.role === 'assistant') expect(next?.role).toBe(message.call ? 'tool' : 'user');
        if (message.role === 'user') expect(message.text).not.toBe('');
      });
    }),
  );
});

/** Text of any length up to far more than a turn may have, with a mark at both ends. */
const marked = (mark: string) =>
  fc.nat(6_000).map((length) => `${mark} ${'so '.repeat(length / 3)}${mark}`);
const longTurn = (mark: string): fc.Arbitrary<PromptTurn> =>
  fc.oneof(
    marked(mark).map(caller),
    fc.tuple(marked(mark), fc.boolean()).map(([text, cut]) => agent(text, cut)),
    marked(mark).map(tool),
  );
const longTurns = fc
  .nat(30)
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => longTurn(`#${i}.`))));

test('the newest four turns always fit, and the messages never exceed the room', () => {
  fc.assert(
    fc.property(
      fc.nat(40_000),
      longTurns,
      fc.integer({ min: 2_000, max: 50_000 }),
      (systemChars, turns, room) => {
        const system = 'Be kind. '.repeat(systemChars / 9);
        const messages = promptMessages({ ...prompt(...turns), system }, room);
        expect(messages.reduce((sum, message) => sum + charsOf(message), 0)).toBeLessThanOrEqual(
          room,
        );
        const words = messages.map(({ text }) => text).join('\n');
        for (const i of turns.keys()) if (i >= turns.length - 4) expect(words).toContain(`#${i}.`);
      },
    ),
  );
});

test('every prompt of a call begins with the same system prompt, cut at the end of a sentence', () => {
  const system = 'You are Rosie. '.repeat(1_000);
  const turns = Array.from({ length: 60 }, (_, i) => (i % 2 ? agent(`a ${i}`) : caller(`c ${i}`)));
  const begun = turns.map(
    (_, i) => promptMessages({ ...prompt(...turns.slice(0, i)), system }, 3000)[0]?.text,
  );
  expect(new Set(begun).size).toBe(1);
  expect(begun[0]).toMatch(/^(You are Rosie\. ?){90,110}\n\nYou are on the phone\./);
});

/** With its role and framing. */
function charsOf(message: PromptMessage): number {
  const call = message.role === 'assistant' ? message.call : null;
  const called = call ? call.name.length + JSON.stringify(call.arguments).length : 0;
  return message.text.length + called + 16;
}
