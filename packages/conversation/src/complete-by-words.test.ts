import { describe, expect, it, test } from 'vitest';
import { completeByWords, isCounting, isFragment } from './complete-by-words.ts';
import type { Expectation } from './ports.ts';

const anything: Expectation = { topic: 'anything' };
const phoneNumber: Expectation = { topic: 'phone-number', patient: true };

const COMPLETE = [
  'what time do you close',
  'how are you',
  'who is it',
  'do you have anything free on thursday morning',
  "i'd like to book a table for four",
  'Can I bring my dog?',
  "I'm calling about the bill you sent me.",
  "That's what I said.",
  'Yes, I do.',
  'yes please',
  'no thank you',
  "no we can't",
  'if i come on tuesday will it be open',
  'If I come on Tuesday, is the doctor free?',
  'i think so',
  'could you tell me where it is',
  'i want that one',
  'please turn it off',
  'I would like vitamin C',
  'it is the one with plan b',
];

const INCOMPLETE = [
  'i want',
  'can you tell me if this is',
  'if i come on tuesday',
  'and so we moved',
  'And so am I, my friends.',
  "I'd like to book a table for",
  'i need to change the',
  'we were hoping that you',
  "I'm looking at the new",
  'it might actually',
  'He was not.',
  'i would like um',
  'Do you have, uh,',
  'So I was...',
  'Well, the thing is -',
  'hold on let me see',
  'my phone number is five five',
  'i was going to',
  "because i'm",
  'but',
  '8 of f',
  'I have a question about the p',
];

describe('completeByWords', () => {
  it.each(COMPLETE)('takes "%s" for a whole turn', (text) => {
    expect(completeByWords(text, anything)).toBeGreaterThan(0.75);
  });

  it.each(INCOMPLETE)('waits for more after "%s"', (text) => {
    expect(completeByWords(text, anything)).toBeLessThan(0.38);
  });

  it('is surest of a question mark', () => {
    const [asked, told] = ['You are open on Sunday?', 'You are open on Sunday.'];
    expect(completeByWords(asked, anything)).toBeGreaterThan(0.9);
    expect(completeByWords(told, anything)).toBeCloseTo(0.8, 1);
  });

  it('does not believe a question mark that Whisper put behind half a question', () => {
    expect(completeByWords('Do you think that the?', anything)).toBeLessThan(0.4);
  });

  it('leaves a fragment open that answers nothing', () => {
    expect(completeByWords('seven of clubs', anything)).toBeCloseTo(0.52, 2);
    expect(completeByWords('seven of clubs', { topic: 'choice' })).toBeCloseTo(0.8, 2);
  });

  it('takes "I am" for an answer only where it may be one', () => {
    expect(completeByWords('i am', { topic: 'yes-no' })).toBeGreaterThan(0.75);
    expect(completeByWords('i am', anything)).toBeLessThan(0.3);
  });

  it('reads capitals, marks and both apostrophes like plain words', () => {
    const plain = completeByWords("i think you're", anything);
    for (const text of ["I think you're.", 'I think you’re', 'I THINK YOURE', "  i think you're  "])
      expect(completeByWords(text, anything)).toBe(plain);
  });

  it('knows nothing of no words', () => {
    for (const text of ['', ' ', '…', '\u3053\u3093'])
      expect(completeByWords(text, anything)).toBe(0.5);
  });
});

describe('a number that is dictated', () => {
  it.each(['555', 'five five five', 'double five oh', 'my number is 555 0123', 'Five.'])(
    'goes on after "%s"',
    (text) => expect(completeByWords(text, phoneNumber)).toBe(0.1),
  );

  it.each(['555 010 0123', 'five five five oh one oh oh one two three', '(555) 010-0123.'])(
    'is complete with "%s"',
    (text) => expect(completeByWords(text, phoneNumber)).toBeGreaterThan(0.75),
  );

  it('is no number when a reason has one in it', () => {
    const reason: Expectation = { topic: 'reason', patient: true };
    expect(completeByWords("i'd like to come at nine", reason)).toBeGreaterThan(0.75);
    expect(completeByWords('nine one', reason)).toBe(0.1);
  });
});

describe('any words', () => {
  const odd = [
    '',
    '?',
    '...',
    "'",
    '\0',
    '\ud800',
    '-',
    'a'.repeat(10_000),
    '[unclear]',
    'É ñ 你好',
  ];
  const many = Array.from({ length: 2000 }, () => 'no and so').join(' ');
  const texts = [...COMPLETE, ...INCOMPLETE, ...odd, many, '__proto__', 'constructor'];

  it('have a probability between 0 and 1, whatever they are', () => {
    for (const text of texts)
      for (const expectation of [anything, phoneNumber, { topic: '' }]) {
        const complete = completeByWords(text, expectation);
        expect(complete).toBeGreaterThanOrEqual(0);
        expect(complete).toBeLessThanOrEqual(1);
      }
  });

  it.each(['and', 'um', 'because', 'the', 'of the', '...'])(
    'are less complete with "%s" after them',
    (more) => {
      for (const text of COMPLETE)
        expect(completeByWords(`${text} ${more}`, anything)).toBeLessThan(
          completeByWords(text, anything) - 0.3,
        );
    },
  );

  it('are no less complete with a question mark', () => {
    for (const text of [...COMPLETE, ...INCOMPLETE].map((said) => said.replace(/[.,?-]+$/, '')))
      expect(completeByWords(`${text}?`, anything)).toBeGreaterThanOrEqual(
        completeByWords(text, anything),
      );
  });
});

describe('isFragment', () => {
  it('is a few words that are no answer', () => {
    expect(isFragment('seven of clubs', anything)).toBe(true);
    expect(isFragment('yes please', anything)).toBe(false);
    expect(isFragment('john smith', { topic: 'name' })).toBe(false);
    expect(isFragment('do you have parking', anything)).toBe(false);
  });
});

describe('isCounting', () => {
  it('is nothing but numbers', () => {
    for (const text of ['5.', 'five double oh', '20 1', 'Fifteen, twenty.'])
      expect(isCounting(text)).toBe(true);
    for (const text of ['', 'five of clubs', 'canteen', "it's 5"])
      expect(isCounting(text)).toBe(false);
  });
});

test('what was not understood is waited for', () => {
  expect(completeByWords('[unclear]', { topic: 'anything' })).toBeLessThan(0.3);
});
