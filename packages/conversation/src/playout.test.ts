import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Playout } from './playout.ts';

const RATE = 8000;

function speech(ms: number, text = '') {
  return { frame: { samples: new Int16Array((ms * RATE) / 1000), sampleRate: RATE }, text };
}

/** "one two three four" over 800 ms of audio, in frames of 20 ms. */
function fourWords(playout: Playout): void {
  playout.begin(1);
  playout.give(speech(20, 'one two three four'));
  for (let frame = 1; frame < 40; frame++) playout.give(speech(20));
}

describe('what was heard', () => {
  test.each([
    [0, ''],
    [300, 'one two'],
    [500, 'one two three'],
    [800, 'one two three four'],
  ])('after %i ms it is %j', (ms, words) => {
    const playout = new Playout();
    fourWords(playout);
    expect(playout.heard(ms)).toMatchObject({ text: words, heardMs: ms, ended: false });
  });

  test('ends with the last sample, once all was given', () => {
    const playout = new Playout();
    fourWords(playout);
    expect(playout.heard(800)?.ended).toBe(false);
    playout.complete();
    expect(playout.heard(800)?.ended).toBe(true);
    expect(playout.heard(800)).toBeNull();
  });

  test('a clear cuts it at the heard position, and later positions add nothing', () => {
    const playout = new Playout();
    fourWords(playout);
    expect(playout.clear(300)).toMatchObject({ text: 'one two', heardMs: 300, ended: true });
    expect(playout.heard(800)).toBeNull();
    expect(playout.said).toBe('one two three four');
  });

  test('a reply after a clear begins at a position of its own', () => {
    const playout = new Playout();
    fourWords(playout);
    playout.clear(300);
    playout.begin(2);
    playout.give(speech(200, 'five'));
    expect(playout.heard(800)).toMatchObject({ replyId: 2, text: '', heardMs: 0 });
    expect(playout.heard(1000)).toMatchObject({ text: 'five', heardMs: 200 });
  });

  test('a reply without speech ends as soon as it is complete', () => {
    const playout = new Playout();
    playout.begin(1);
    playout.complete();
    expect(playout.heard(0)).toMatchObject({ text: '', ended: true });
  });
});

test('what is heard only grows, and is always the beginning of what was said', () => {
  const clause = fc.record({
    ms: fc.integer({ min: 20, max: 900 }),
    text: fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,6}){0,4}$/),
  });
  fc.assert(
    fc.property(
      fc.array(clause, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 0, max: 6000 })),
      (clauses, positions) => {
        const playout = new Playout();
        playout.begin(7);
        for (const { ms, text } of clauses) playout.give(speech(ms, text));
        let before = '';
        for (const position of positions) {
          const heard = playout.heard(position)?.text ?? '';
          expect(heard.startsWith(before)).toBe(true);
          expect(playout.said.startsWith(heard)).toBe(true);
          before = heard;
        }
      },
    ),
  );
});
