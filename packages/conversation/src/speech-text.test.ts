import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitForSpeech } from './speech-text.ts';

test.each([
  ['We are **open** until _five_.', 'We are open until five.'],
  ['# Hours\n- Monday: 9 AM\n- Tuesday: 10 AM', 'Hours Monday: nine A M Tuesday: ten A M'],
  ['See [our page](https://x.example/a).', 'See our page.'],
  ['Great! 😀👍🏽', 'Great!'],
  ['It costs $120.', 'It costs one hundred twenty dollars.'],
  ['That is $45.90, or €1.', 'That is forty-five dollars and ninety cents, or one euro.'],
  ['$0.01 is £2,500.05', 'one cent is two thousand five hundred pounds and five pence'],
  ['CHF 45.50 or CHF 1', 'forty-five francs and fifty centimes or one franc'],
  [
    '15 € a day, 19,50€, 2,500 €',
    'fifteen euros a day, nineteen euros and fifty cents, two thousand five hundred euros',
  ],
  ['We open at 9:30 AM.', 'We open at nine thirty A M'],
  ['At 10:00 or 10:05.', "At ten o'clock or ten oh five."],
  ['From 9 a.m. to 5 p.m.', 'From nine A M to five P M'],
  ['Call 555-123-4567.', 'Call five five five, one two three, four five six seven.'],
  [
    'Call +1 (555) 123-4567 now',
    'Call one, five five five, one two three, four five six seven now',
  ],
  ['+15551234567', 'one, five five five, one two three, four five six seven'],
  [
    'Write to anna.lee@smile-dental.example.',
    'Write to anna dot lee at smile dash dental dot example.',
  ],
  ['Go to https://www.smile.example/book?x=1.', 'Go to smile dot example.'],
  ['Mon–Fri, 9-5', 'Monday to Friday, 9 to 5'],
  ['Dr. Lee & Mr. Day', 'Doctor Lee and Mister Day'],
  ['On 2026-11-21', 'On November twenty-first, twenty twenty-six'],
  ['the 3rd of May', 'the third of May'],
  ['50% off', '50 percent off'],
  ['`code` and <b>bold</b>', 'code and bold'],
  ['say [[h@l@U]] this', 'say this'],
  ['```js\nlet x\n```', ''],
  ['', ''],
])('%j is spoken as %j', (text, spoken) => {
  expect(fitForSpeech(text)).toBe(spoken);
});

test('plain sentences are left as they are', () => {
  const sentence = "Sure, I can help you with that; what's your name?";
  expect(fitForSpeech(sentence)).toBe(sentence);
});

test('no text breaks it, and nothing only the eye understands is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      expect(fitForSpeech(text)).not.toMatch(
        /[*#|<>{}[\]\\`]|\p{Extended_Pictographic}|\s\s|\p{Cc}/u,
      );
    }),
  );
});
