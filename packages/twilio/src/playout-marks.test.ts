import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlayoutMarks } from './playout-marks.ts';

describe('the account of what was heard', () => {
  test('a mark proves what was sent before it', () => {
    const marks = new PlayoutMarks();
    marks.sent(60, 60, 1000);
    const name = marks.mark();
    expect(marks.heardMs).toBe(0);
    expect(marks.returned(name, 1090)).toBe('heard');
    expect(marks.heardMs).toBe(60);
    expect(marks.settled).toBe(true);
  });

  test('between marks time goes on, as far as something was sent', () => {
    const marks = new PlayoutMarks();
    marks.sent(60, 60, 1000);
    const name = marks.mark();
    marks.sent(200, 140, 1000);
    expect(marks.estimate(1030)).toBe(30);
    marks.returned(name, 1100);
    expect(marks.estimate(1100)).toBe(60);
    expect(marks.estimate(1150)).toBe(110);
    expect(marks.estimate(9000)).toBe(200);
    expect(marks.aheadMs(1150)).toBe(90);
  });

  test('A mark that returns after a clear does not count as heard', () => {
    const marks = new PlayoutMarks();
    marks.sent(300, 300, 0);
    const name = marks.mark();
    expect(marks.clear(500, 100)).toBe(100);
    expect(marks.returned(name, 101)).toBe('cleared');
    expect(marks.heardMs).toBe(100);
    expect(marks.settled).toBe(true);
  });

  test('speech after a clear begins where the playout clock stands, with nothing heard of it', () => {
    const marks = new PlayoutMarks();
    marks.sent(300, 300, 0);
    marks.clear(500, 100);
    marks.sent(560, 60, 2000);
    expect(marks.estimate(2010)).toBe(510);
    expect(marks.clear(560, 2020)).toBe(520);
    expect(marks.clear(560, 9000)).toBe(520);
  });

  test('a mark that stays away counts once its speech must long be over', () => {
    const marks = new PlayoutMarks();
    marks.sent(100, 100, 0);
    const name = marks.mark();
    expect(marks.giveUpMarks(5099, 9000)).toBe(false);
    expect(marks.giveUpMarks(5100, 4999)).toBe(false);
    expect(marks.giveUpMarks(5100, 5000)).toBe(true);
    expect(marks.heardMs).toBe(100);
    expect(marks.giveUpMarks(5101, 9000)).toBe(false);
    expect(marks.returned(name, 5200)).toBe('unknown');
  });

  test('marks we never sent prove nothing', () => {
    const marks = new PlayoutMarks();
    marks.sent(100, 100, 0);
    for (const name of ['', '0-9', '7-1', 'x', '1-1-1'])
      expect(marks.returned(name, 9)).toBe('unknown');
    expect(marks.heardMs).toBe(0);
  });
});

type Step =
  | { readonly do: 'play'; readonly ms: number }
  | { readonly do: 'mark' }
  | { readonly do: 'return'; readonly which: number }
  | { readonly do: 'clear' }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('play' as const), ms: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ do: fc.constant('mark' as const) }),
  fc.record({ do: fc.constant('return' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 500 }) }),
);

test('in any order of events, heard never goes back, never passes what was sent, and cleared marks are void', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const marks = new PlayoutMarks();
      const names: { readonly name: string; readonly generation: number }[] = [];
      let [nowMs, playedMs, heardMs, generation] = [0, 0, 0, 0];
      for (const next of steps) {
        if (next.do === 'wait') nowMs += next.ms;
        if (next.do === 'play') {
          playedMs += next.ms;
          marks.sent(playedMs, next.ms, nowMs);
        }
        if (next.do === 'mark') names.push({ name: marks.mark(), generation });
        const mark = next.do === 'return' && names[next.which % Math.max(1, names.length)];
        if (mark) {
          const before = marks.heardMs;
          const result = marks.returned(mark.name, nowMs);
          if (mark.generation !== generation) expect(result).not.toBe('heard');
          if (result !== 'heard') expect(marks.heardMs).toBe(before);
        }
        if (next.do === 'clear') {
          expect(marks.clear(playedMs, nowMs)).toBe(marks.heardMs);
          generation += 1;
        }
        expect(marks.heardMs).toBeGreaterThanOrEqual(heardMs);
        expect(marks.heardMs).toBeLessThanOrEqual(playedMs);
        expect(marks.estimate(nowMs)).toBeGreaterThanOrEqual(marks.heardMs);
        expect(marks.estimate(nowMs)).toBeLessThanOrEqual(playedMs);
        heardMs = marks.heardMs;
      }
    }),
    { numRuns: 1000 },
  );
});
