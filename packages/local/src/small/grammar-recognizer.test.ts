import { afterAll, beforeAll, expect, test } from 'vitest';
import { DENTIST } from '../front-desk/__fixtures__/businesses.ts';
import { Expectations } from '../front-desk/expectations.ts';
import { PhoneLine } from './__fixtures__/phone-line.ts';
import type { FliteVoice } from './flite.ts';
import { GrammarRecognizer } from './grammar-recognizer.ts';

const never = new AbortController().signal;
const DRINKS = 'public <a> = a coffee please | a glass of water | orange juice;';
const NAMES = 'public <a> = [my name is] (maria garcia | john smith | siobhan murphy);';

let recognizer: GrammarRecognizer;
let line: PhoneLine;
beforeAll(async () => {
  [recognizer, line] = await Promise.all([GrammarRecognizer.open(never), PhoneLine.open()]);
});
afterAll(() => recognizer[Symbol.asyncDispose]());

async function heard(said: string, grammar?: string, voice: FliteVoice = 'slt'): Promise<string> {
  const expectation = { topic: 'test', ...(grammar === undefined ? {} : { grammar }) };
  const utterance = await line.say(said, voice);
  const { text, unclear } = await recognizer.recognize(utterance, expectation, never);
  return unclear ? '[unclear]' : text;
}

test('what is said is heard, by the grammar of the question', async () => {
  expect(await heard('A coffee, please.', DRINKS)).toBe('a coffee please');
  expect(await heard('Orange juice.', DRINKS)).toBe('orange juice');
  expect(await heard('My name is Maria Garcia.', NAMES)).toBe('my name is maria garcia');
  expect(await heard('A glass of water.', DRINKS)).toBe('a glass of water');
});

test.each([
  ['No, bye.', 'no bye'],
  ["I don't want to give my number.", "i don't want to give my number"],
  ['Can you call me on this number?', 'can you call me on this number'],
])('where a number is asked, no digits are heard in: %s', async (said, expected) => {
  const { grammar = '' } = new Expectations(DENTIST).of('number');
  expect(await heard(said, grammar, 'rms')).toBe(expected);
});

test.each(["Yes, that's right.", 'That would be great.', "Yes, I'd like that.", 'Yes.'])(
  'an offer is taken by: %s',
  async (said) => {
    const { grammar = '' } = new Expectations(DENTIST).of('choice');
    const words = said.replace(/[.,]/g, '').toLowerCase();
    expect(await heard(said, grammar)).toBe(words);
  },
);

test('where a message is read back, its number can be corrected at once', async () => {
  const { grammar = '' } = new Expectations(DENTIST).of('message-check');
  expect(await heard("No, it's two one two, five five five.", grammar, 'rms')).toBe(
    "no it's two one two five five five",
  );
  expect(await heard("Yes, that's right.", grammar)).toBe("yes that's right");
  expect(await heard('No.', grammar)).toBe('no');
});

test('without a grammar, what callers say to anybody is heard', async () => {
  expect(await heard('Can I speak to a person please?')).toBe('can i speak to a person please');
});

test('a bad grammar is refused with a code, and the next request is heard', async () => {
  await expect(heard('yes', 'public <a> = (yes;')).rejects.toMatchObject({ code: 'bad-grammar' });
  expect(await heard('A coffee, please.', DRINKS)).toBe('a coffee please');
});

test('calls have places of their own in the queue, and can be cancelled', async () => {
  const utterance = await line.say('A coffee, please.', 'slt');
  const expectation = { topic: 'test', grammar: DRINKS };
  const cancel = new AbortController();
  const [first, second] = ['a', 'b'].map((call) => recognizer.forCall(call));
  const cancelled = first?.recognize(utterance, expectation, cancel.signal);
  const other = second?.recognize(utterance, expectation, never);
  cancel.abort(new Error('spoke on'));
  await expect(cancelled).rejects.toThrow('spoke on');
  expect(await other).toMatchObject({ text: 'a coffee please', unclear: false });
  expect(recognizer.stats.starts).toBe(1);
});
