import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRecording, recordings, telephone } from '../__fixtures__/real-models.ts';
import { PhoneLine } from './__fixtures__/phone-line.ts';
import { GENERAL_GRAMMAR } from './general-grammar.ts';
import { readGrammar } from './grammar.ts';
import { GrammarEar, type Hearing } from './grammar-ear.ts';

const DESK = `public <answer> = [<opening>] <wish> [please | thank you];
<opening> = well | hello;
<wish> = <want> <service> | (what are | when are) your hours | are you open on <day>
  | how much is (it | that | a <service>) | can i (talk | speak) to (someone | doctor <last>) | my name is <name>;
<want> = i'd like to book a | i would like to make an;
<service> = cleaning | appointment | check up | root canal;
<day> = monday | tuesday | saturday;
<name> = maria garcia | john smith | siobhan murphy;
<last> = patel | quillfeather;`;
const DIGITS = `public <number> = [my number is]
  (zero | oh | one | two | three | four | five | six | seven | eight | nine)+;`;
const YES_NO = "public <answer> = yes please | no thank you | that's right | that's wrong;";
const DOGS = 'public <a> = (a | the) (dog | cat) (barks | sleeps);';

let ear: GrammarEar;
let line: PhoneLine;
let handlers: number;
beforeAll(async () => {
  handlers = process.listenerCount('uncaughtException');
  [ear, line] = await Promise.all([GrammarEar.load(), PhoneLine.open()]);
});

async function hear(said: string, grammar: string, voice: 'slt' | 'awb' | 'rms' = 'slt') {
  const { samples } = await line.say(said, voice);
  return ear.hear(samples, readGrammar(grammar));
}

const said = ({ text, unclear }: Hearing) => (unclear ? '[unclear]' : text);

test.each([
  ["I'd like to book a check up please.", DESK, 'slt'],
  ["I'd like to book a root canal please.", DESK, 'slt'],
  ['I would like to make an appointment.', DESK, 'awb'],
  ['Are you open on Saturday?', DESK, 'rms'],
  ['Are you open on Monday?', DESK, 'rms'],
  ['How much is a root canal?', DESK, 'slt'],
  ['My name is Siobhan Murphy.', DESK, 'awb'],
  ['My name is John Smith.', DESK, 'rms'],
  ['Can I speak to Doctor Quillfeather?', DESK, 'slt'],
  ['My number is five five five one two three nine.', DIGITS, 'rms'],
  ['Nine eight seven six.', DIGITS, 'slt'],
  ['No thank you.', YES_NO, 'awb'],
  ["That's right.", YES_NO, 'slt'],
  ['Could you say that again please?', GENERAL_GRAMMAR, 'rms'],
  ['The dog barks.', DOGS, 'slt'],
  ['A cat sleeps.', DOGS, 'slt'],
] as const)('through the telephone, %j is heard as it was said', async (text, grammar, voice) => {
  const words = text.toLowerCase().replace(/[.?]/g, '');
  expect(said(await hear(text, grammar, voice))).toBe(words);
});

describe.each(['slt', 'rms'] as const)('off topic, in the voice of %s', (voice) => {
  test.each([
    'Do you sell pizza with mushrooms?',
    'I lost my keys yesterday and cannot find them.',
    'The weather is nice today, I went to the beach with my dog.',
    'What is the capital of France?',
  ])('%j is unclear', async (text) => {
    for (const grammar of [DESK, DIGITS, DOGS])
      expect(await hear(text, grammar, voice)).toMatchObject({ text: '', unclear: true });
  });
});

test('an answer with one foreign word in it is unclear', async () => {
  expect(said(await hear("I'd like to book a hamburger.", DESK))).toBe('[unclear]');
});

test.each([
  ['um, are you open on Monday?', 'are you open on monday'],
  ["I'd like to book a", "i'd like to book a"],
  ['I would like to make an', 'i would like to make an'],
  ['my name is', 'my name is'],
  // Each is the beginning of a sentence that is whole and sounds much the same.
  ['How much is', 'how much is'],
  ['How much is a', 'how much is a'],
])('%j comes back as far as it goes', async (text, heard) => {
  expect(said(await hear(text, DESK))).toBe(heard);
});

describe.each([
  ['the desk', DESK],
  ['digits', DIGITS],
  ['yes or no', YES_NO],
])('in the state of %s', (_, grammar) => {
  test.each(['okay', 'right', 'yes', 'no'])('%j is heard', async (word) => {
    expect(said(await hear(word, grammar, 'rms'))).toBe(word);
  });

  test('a murmur is heard as one', async () => {
    expect(said(await hear('uh-huh', grammar, 'rms'))).toMatch(/^(um|uh|mhm|hmm|mm-hm|uh-huh)\b/);
  });
});

test('silence and clicks hold nothing', () => {
  const grammar = readGrammar(DESK);
  expect(ear.hear(new Int16Array(8000), grammar)).toMatchObject({ text: '', unclear: false });
  expect(ear.hear(new Int16Array(), grammar)).toMatchObject({ text: '', unclear: false });
  expect(ear.hear(new Int16Array(300).fill(9000), grammar)).toMatchObject({ text: '' });
});

test.each([400, 1000, 2000, 4000])('%i ms of noise are not words', (lengthMs) => {
  let seed = 7;
  const noise = Int16Array.from({ length: lengthMs * 8 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 16) - 16_384;
  });
  for (const grammar of [DESK, DIGITS, GENERAL_GRAMMAR])
    expect(ear.hear(noise, readGrammar(grammar)).text).toBe('');
});

test('a grammar that the decoder does not take leaves it able to go on', async () => {
  const bad = { jsgf: '#JSGF V1.0; grammar x; public <a> = (', words: [] };
  expect(() => ear.hear(new Int16Array(8000).fill(900), bad)).toThrow();
  expect(said(await hear('The dog barks.', DOGS))).toBe('the dog barks');
});

test('loading leaves no handler behind that would end the process', () => {
  expect(process.listenerCount('uncaughtException')).toBe(handlers);
});

test('people on the telephone are heard where the recordings are', ({ skip }) => {
  const cards = 'public <cards> = <card>+; <card> = [<rank>] [of] <suit> | <rank>;';
  const suits = '<suit> = clubs | spades | hearts | diamonds;';
  const ranks =
    '<rank> = ace | two | three | four | five | six | seven | eight | nine | ten | queen;';
  let files: ReturnType<typeof recordings>;
  try {
    files = recordings();
  } catch {
    return skip('the human recordings are not here');
  }
  const grammar = readGrammar(`${cards} ${suits} ${ranks}`);
  const heard = files
    .filter(({ file }) => file.startsWith('cards'))
    .map(
      ({ file, text }) => said(ear.hear(telephone(readRecording(file)).samples, grammar)) === text,
    );
  expect(heard.filter(Boolean).length).toBeGreaterThanOrEqual(4);
});
