import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loudness } from './loudness.ts';
import { believe, withoutLoops, withoutSounds, worthHearing } from './whisper-guards.ts';

const clear = { loudestDbfs: -20, voicedMs: 1500 };
const faint = { loudestDbfs: -50, voicedMs: 400 };
const short = { loudestDbfs: -25, voicedMs: 120 };

const tone = (amplitude: number, ms: number, sampleRate = 8000): Int16Array =>
  Int16Array.from({ length: (ms * sampleRate) / 1000 }, (_, i) =>
    Math.round(amplitude * Math.sin((i * 2 * Math.PI * 300) / sampleRate)),
  );

describe('what is worth hearing', () => {
  test.each([
    ['nothing at all', new Int16Array(0), false],
    ['one sample', new Int16Array([30_000]), false],
    ['digital silence', new Int16Array(8000), false],
    ['the noise of the line', tone(20, 1000), false],
    ['a click', Int16Array.from([...new Int16Array(4000), ...tone(20_000, 10)]), false],
    ['a quiet voice', tone(300, 300), true],
    ['a voice', tone(8000, 300), true],
  ])('%s: %s', (_what, samples, expected) => {
    expect(worthHearing(loudness({ samples, sampleRate: 8000 }))).toBe(expected);
  });

  test('only what stands out counts as voiced', () => {
    const samples = Int16Array.from([...tone(30, 500), ...tone(8000, 200), ...tone(30, 500)]);
    expect(loudness({ samples, sampleRate: 8000 }).voicedMs).toBeGreaterThanOrEqual(200);
    expect(loudness({ samples, sampleRate: 8000 }).voicedMs).toBeLessThanOrEqual(220);
  });
});

describe('sounds are not words', () => {
  test.each([
    '[ Silence ]',
    '(wind howling)',
    '[no audio]',
    '*coughs*',
    '♪ music playing ♪',
    '♪',
    '(beeping) [BLANK_AUDIO]',
    '(wind',
    '',
    '...',
    '- -',
  ])('%s is nothing', (written) => {
    expect(believe(written, clear, 2000)).toEqual({ text: '', confidence: 0, unclear: false });
  });

  test.each([
    '(speaking in foreign language)',
    '[inaudible]',
    '(mumbling)',
    '[Indistinct chatter]',
  ])('%s is speech that was not understood', (written) => {
    expect(believe(written, clear, 2000)).toEqual({ text: '', confidence: 0, unclear: true });
  });

  test('words beside a sound are kept', () => {
    expect(withoutSounds('(coughs) My name is Ann. [ Pause ]')).toBe('My name is Ann.');
  });
});

describe('loops', () => {
  test.each([
    ['Thank you. Thank you. Thank you. Thank you. Thank you.', 'Thank you.'],
    ['so so so so so so so', 'so'],
    ['I want to I want to I want to I want to go home', 'I want to go home'],
    ['Book a table. ha ha ha ha ha ha ha', 'Book a table. ha'],
    ['hahahahahahahahahaha', 'ha'],
    ['Hmmmmmmmmmmm', 'Hm'],
  ])('%s is said once', (written, expected) => {
    expect(withoutLoops(written)).toBe(expected);
  });

  test.each([
    'no, no, no, no',
    'My number is 5 5 5 5 0 1 4 2',
    '555-555-5555',
    'the number 1000000000',
    'very very good, very very nice',
    "It's on the ground floor on the left on the corner.",
  ])('%s is left alone', (spoken) => {
    expect(withoutLoops(spoken)).toBe(spoken);
  });

  test('what is left of a loop is trusted less', () => {
    const looped = believe('Yes please yes please yes please yes please yes please', clear, 4000);
    expect(looped).toEqual({ text: 'Yes please', confidence: 0.5, unclear: false });
  });

  test('any text comes to an end and gains no words', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c.', ',', ' ', 'ab')), (words) => {
        expect(withoutLoops(words.join(' ')).length).toBeLessThanOrEqual(words.join(' ').length);
      }),
    );
  });
});

describe('phrases from subtitles', () => {
  test.each([
    'Thanks for watching!',
    'Thank you so much for watching.',
    'Please subscribe.',
    'Like and subscribe',
    'Subtitles by the Amara.org community',
    "I'll see you in the next video.",
  ])('%s was not said, however clear the audio', (written) => {
    expect(believe(written, clear, 2000)).toMatchObject({ text: '', unclear: true });
    expect(believe(written, faint, 2000)).toMatchObject({ text: '', unclear: false });
  });

  test.each(['Thank you.', 'Bye.', 'you', "I'm sorry."])(
    '%s is believed of clear speech only',
    (written) => {
      expect(believe(written, clear, 1500).text).toBe(written);
      expect(believe(written, faint, 1500)).toMatchObject({ text: '', unclear: false });
      expect(believe(written, short, 500)).toMatchObject({ text: '', unclear: false });
    },
  );

  test.each(['Yes.', 'No.', 'Okay.', 'Stop!'])('%s is believed however short', (written) => {
    expect(believe(written, short, 500).text).toBe(written);
  });
});

describe('more words than a human can say', () => {
  test('a sentence in half a second is not believed', () => {
    const written = 'I would like to book a table for four people on Friday evening at seven';
    expect(believe(written, clear, 500)).toMatchObject({ text: '', unclear: true });
    expect(believe(written, clear, 3000).text).toBe(written);
  });

  test('each digit is a word', () => {
    expect(believe('555-014-2199-555', clear, 800).unclear).toBe(true);
    expect(believe('555-0142', clear, 2000).text).toBe('555-0142');
  });
});
