import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextFloor } from './floor.ts';
import { type Floor, type FloorEvent, type FloorInput, OPEN, type Words } from './floor-state.ts';

const FRAME_MS = 20;

/** Plays `"..##~~.."` (firm voice, murmur, silence; 20 ms a character) and tells what happened. */
function play(floor: Floor, picture: string): [Floor, FloorEvent[]] {
  const events: FloorEvent[] = [];
  for (const sound of picture) {
    const [next, ...happened] = nextFloor(floor, {
      type: 'frame',
      voiced: sound !== '.',
      firm: sound === '#',
      ms: FRAME_MS,
    });
    floor = next;
    events.push(...happened);
  }
  return [floor, events];
}

const voice = (ms: number): string => '#'.repeat(ms / FRAME_MS);
const murmur = (ms: number): string => '~'.repeat(ms / FRAME_MS);
const silence = (ms: number): string => '.'.repeat(ms / FRAME_MS);
const understood = (words: Words, patienceMs = 300): FloorInput => ({
  type: 'understood',
  words,
  patienceMs,
});
const AGENT: Floor = { at: 'agent', overlap: null };

describe('an open floor', () => {
  test('goes to the caller after 60 ms of voice', () => {
    expect(play(OPEN, voice(40))[1]).toEqual([]);
    expect(play(OPEN, voice(60))[1]).toEqual(['voice-started']);
  });

  test('is not taken by clicks', () => {
    expect(play(OPEN, '#..#..#..')[1]).toEqual([]);
  });

  test('counts how long nobody speaks', () => {
    expect(play(OPEN, silence(3000))[0]).toMatchObject({ at: 'open' });
  });
});

describe("the caller's turn", () => {
  test('has its sound judged at 100 ms of pause, and asks for the words at 160 ms, once each', () => {
    expect(play(OPEN, voice(200) + silence(80))[1]).toEqual(['voice-started']);
    expect(play(OPEN, voice(200) + silence(140))[1]).toEqual(['voice-started', 'pausing']);
    expect(play(OPEN, voice(200) + silence(400))[1]).toEqual([
      'voice-started',
      'pausing',
      'paused',
    ]);
  });

  test('ends when the pause is as long as the words ask for', () => {
    const [paused] = play(OPEN, voice(200) + silence(160));
    const [waiting, ...none] = nextFloor(paused, understood('words', 260));
    expect(none).toEqual([]);
    expect(play(waiting, silence(80))[1]).toEqual([]);
    expect(play(waiting, silence(100))[1]).toEqual(['turn-ended']);
  });

  test('ends at once when the words come after the pause was long enough', () => {
    const [paused] = play(OPEN, voice(200) + silence(400));
    expect(nextFloor(paused, understood('words', 300))).toEqual([
      { at: 'owed', onsetMs: 0, pauseMs: 400, habitMs: 0 },
      'turn-ended',
    ]);
  });

  test('goes on when the voice comes back, and drops what was made of the pause', () => {
    const [speaking, events] = play(OPEN, voice(200) + silence(200) + voice(60));
    expect(events).toEqual(['voice-started', 'pausing', 'paused', 'speaking-on']);
    expect(speaking).toMatchObject({ at: 'caller', pauseMs: 0, habitMs: 220 });
    const [, early] = play(OPEN, voice(200) + silence(120) + voice(60));
    expect(early).toEqual(['voice-started', 'pausing', 'speaking-on']);
  });

  test('that seemed to be over and goes on has had that pause in it', () => {
    const [paused] = play(OPEN, voice(200) + silence(400));
    const [over] = nextFloor(paused, understood('words', 300));
    expect(play(over, silence(100) + voice(60))[0]).toMatchObject({ at: 'caller', habitMs: 500 });
    expect(play(over, silence(3000) + voice(60))[0]).toMatchObject({ at: 'caller', habitMs: 0 });
  });

  test('a click in a pause neither ends nor restarts the pause', () => {
    expect(play(OPEN, `${voice(200)}${silence(100)}#${silence(60)}`)[1]).toContain('paused');
  });

  test('never ends before its words are known, but for a pause of three seconds', () => {
    const [paused, events] = play(OPEN, voice(200) + silence(2980));
    expect(events).not.toContain('turn-ended');
    expect(play(paused, silence(20))[1]).toEqual(['turn-ended']);
  });

  test('is none when there were no words', () => {
    const [paused] = play(OPEN, voice(200) + silence(200));
    expect(nextFloor(paused, understood('none'))).toEqual([OPEN, 'nothing-said']);
  });

  test('words that come late, after the caller went on, change nothing', () => {
    const [speaking] = play(OPEN, voice(200) + silence(200) + voice(100));
    expect(nextFloor(speaking, understood('words', 100))).toEqual([speaking]);
  });

  test('is taken back when the caller speaks before the reply sounds', () => {
    const [owed] = nextFloor(play(OPEN, voice(200) + silence(400))[0], understood('words', 300));
    const [again, events] = play(owed, voice(80));
    expect(events).toEqual(['speaking-on']);
    expect(again.at).toBe('caller');
  });
});

describe('over the agent', () => {
  test('100 ms of firm voice are a barge-in, and 80 are not', () => {
    expect(play(AGENT, voice(80))[1]).toEqual(['voice-started']);
    expect(play(AGENT, voice(100))[1]).toEqual(['voice-started', 'barge-in']);
  });

  test('a murmur is left alone once its words are a backchannel', () => {
    const [paused, events] = play(AGENT, murmur(300) + silence(80));
    expect(events).toEqual(['voice-started', 'paused']);
    expect(nextFloor(paused, understood('backchannel'))).toEqual([AGENT, 'left-alone']);
  });

  test('a murmur with other words takes the floor', () => {
    const [paused] = play(AGENT, murmur(300) + silence(80));
    const [floor, ...events] = nextFloor(paused, understood('words'));
    expect(events).toEqual(['barge-in']);
    expect(floor).toMatchObject({ at: 'caller', barging: false });
  });

  test('a murmur longer than any backchannel takes the floor', () => {
    expect(play(AGENT, murmur(700))[1]).toContain('barge-in');
  });

  test('a barge-in without words is withdrawn', () => {
    const [paused] = play(AGENT, voice(200) + silence(200));
    expect(nextFloor(paused, understood('none'))[1]).toBe('barge-in-withdrawn');
    expect(nextFloor(paused, understood('backchannel'))[1]).toBe('barge-in-withdrawn');
    expect(play(paused, silence(1780))[1]).toEqual([]);
    expect(play(paused, silence(1800))[1]).toEqual(['barge-in-withdrawn']);
  });

  test('a barge-in with words is a turn like any other', () => {
    const [paused] = play(AGENT, voice(200) + silence(200));
    const [floor] = nextFloor(paused, understood('words', 260));
    expect(play(floor, silence(200))[1]).toEqual(['turn-ended']);
  });

  test('voice that has not been judged when the reply ends becomes a turn', () => {
    const [overlapped] = play(AGENT, murmur(100));
    const [floor] = nextFloor(overlapped, { type: 'reply-heard' });
    expect(floor).toMatchObject({ at: 'caller', voicedMs: 100 });
  });
});

describe('keys', () => {
  test('silence the agent, and end with a pause of 1.8 s', () => {
    const [keys, ...events] = nextFloor(AGENT, { type: 'key' });
    expect(events).toEqual(['barge-in']);
    expect(play(keys, silence(1780))[1]).toEqual([]);
    expect(play(keys, silence(1800))[1]).toEqual(['turn-ended']);
  });
});

const anyInput: fc.Arbitrary<FloorInput> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      type: fc.constant('frame' as const),
      voiced: fc.boolean(),
      firm: fc.boolean(),
      ms: fc.constant(20),
    }),
  },
  fc.record({
    type: fc.constant('understood' as const),
    words: fc.constantFrom<Words>('none', 'backchannel', 'words'),
    patienceMs: fc.integer({ min: 100, max: 1500 }),
  }),
  fc.constantFrom<FloorInput>(
    { type: 'key' },
    { type: 'answered' },
    { type: 'reply-heard' },
    { type: 'reply-started' },
    { type: 'nothing-to-resume' },
  ),
);

test('whatever happens, silence gives the floor to somebody within three seconds and a bit', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 200 }), (inputs) => {
      const floor = inputs.reduce<Floor>((now, input) => nextFloor(now, input)[0], OPEN);
      const [settled] = play(floor, silence(3200));
      expect(['open', 'owed', 'agent']).toContain(settled.at);
      if (settled.at === 'agent') expect(settled.overlap).toBeNull();
    }),
  );
});

test('a barge-in is only ever told while the agent speaks', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 200 }), (inputs) => {
      let floor: Floor = OPEN;
      for (const input of inputs) {
        const [next, ...events] = nextFloor(floor, input);
        if (events.includes('barge-in')) expect(floor.at).toBe('agent');
        floor = next;
      }
    }),
  );
});
