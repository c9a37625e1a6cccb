import { describe, expect, test } from 'vitest';
import { callers, type Floor, OPEN } from './floor-state.ts';
import { meaning } from './meaning.ts';

const AGENT: Floor = { at: 'agent', overlap: null };

function recognized(text: string, unclear = false) {
  return { text, unclear, confidence: 0.9, engineMs: 0, queuedMs: 0 };
}

describe('what was said means for the floor', () => {
  test.each([
    ['nothing, for silence', '', false, 400, OPEN, 'none'],
    ['nothing, for a short unclear noise', '', true, 200, OPEN, 'none'],
    ['words, for longer unclear speech', '', true, 500, OPEN, 'words'],
    ['a backchannel, for "mm-hm"', 'Mm-hm.', false, 400, AGENT, 'backchannel'],
    [
      'a backchannel, for what a recognizer makes of a murmur',
      'I have.',
      false,
      400,
      AGENT,
      'backchannel',
    ],
    ['words, for a soft "wait"', 'Wait.', false, 300, AGENT, 'words'],
    ['words, for a longer soft sentence', 'I have a question.', false, 900, AGENT, 'words'],
    ['words, for the same murmur when nobody speaks', 'I have.', false, 400, OPEN, 'words'],
  ] as const)('%s', (_, text, unclear, spokenMs, floor, expected) => {
    expect(meaning(recognized(text, unclear), { spokenMs, answers: false }, floor)).toBe(expected);
  });

  test('words, for a short unclear sound after a question', () => {
    expect(meaning(recognized('', true), { spokenMs: 200, answers: true }, callers({}))).toBe(
      'words',
    );
    expect(meaning(recognized('', true), { spokenMs: 100, answers: true }, callers({}))).toBe(
      'none',
    );
    expect(meaning(recognized('', true), { spokenMs: 200, answers: false }, callers({}))).toBe(
      'none',
    );
  });

  test('words, for an "okay" at the end of a question', () => {
    expect(meaning(recognized('Okay.', false), { spokenMs: 300, answers: true }, callers({}))).toBe(
      'words',
    );
    expect(
      meaning(recognized('Okay.', false), { spokenMs: 300, answers: false }, callers({})),
    ).toBe('backchannel');
    expect(meaning(recognized('Okay.', false), { spokenMs: 300, answers: true }, AGENT)).toBe(
      'backchannel',
    );
  });
});
