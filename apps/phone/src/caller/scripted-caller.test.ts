import { expect, test } from 'vitest';
import { randomFrom } from './random.ts';
import type { Line, Move } from './script.ts';
import { ScriptedCaller } from './scripted-caller.ts';

const FRAME_MS = 20;
const QUIET = new Int16Array(160);
const LOUD = new Int16Array(160).map((_, i) => (i % 2 ? 3_000 : -3_000));

/** A line that sounds for so many milliseconds. */
function line(said: string, ms: number, kind: Line['kind'] = 'turn'): Line {
  const samples = new Int16Array(ms * 8).fill(5_000);
  return { kind, said, utterance: { samples, voicedFromMs: 0, voicedToMs: ms } };
}

const wait: Move = { type: 'wait', wait: { for: 'agent-ends', quietMs: 400, limitMs: 3_000 } };

interface Played {
  readonly caller: ScriptedCaller;
  /** `#` where the caller spoke, digits where a key was pressed, `.` else. */
  readonly picture: string;
  readonly hungUpMs: number | null;
  readonly network: readonly (string | undefined)[];
}

/** Plays the moves against an agent drawn as `"..####"`, one character 100 ms. */
function play(moves: readonly Move[], agent: string, limitMs = 60_000): Played {
  const caller = new ScriptedCaller({ moves, background: null, network: null, limitMs });
  let picture = '';
  let hungUpMs: number | null = null;
  const network = [];
  for (let atMs = 0; atMs < agent.length * 100; atMs += FRAME_MS) {
    const tick = caller.tick(agent[Math.floor(atMs / 100)] === '#' ? LOUD : QUIET, atMs);
    network.push(tick.network);
    if (tick.hangUp) {
      hungUpMs = atMs;
      break;
    }
    picture += tick.digit ?? (tick.samples ? '#' : '.');
  }
  return { caller, picture, hungUpMs, network };
}

const spans = ({ caller }: Played) =>
  caller.spoken.map(({ said, startMs, endMs }) => [said, startMs, endMs]);

test('a caller waits for the greeting to end before answering', () => {
  const played = play(
    [wait, { type: 'say', line: line('hello', 500) }],
    '..#####........................',
  );
  expect(spans(played)).toEqual([['hello', 1_080, 1_580]]);
});

test('a hole between two words does not end the agent’s turn', () => {
  const played = play([wait, { type: 'say', line: line('hello', 200) }], '..####..####..........');
  expect(spans(played)).toEqual([['hello', 1_580, 1_780]]);
});

test('thinking time passes before the answer', () => {
  const moves: Move[] = [
    wait,
    { type: 'delay', ms: 300 },
    { type: 'say', line: line('hello', 200) },
  ];
  expect(spans(play(moves, '.####..................'))).toEqual([['hello', 1_180, 1_380]]);
});

test('an agent that says nothing is not waited for for ever, and the report hears of it', () => {
  const played = play([wait, { type: 'say', line: line('anybody?', 200) }], '.'.repeat(40));
  expect(played.caller.spoken).toHaveLength(1);
  expect(played.caller.findings).toMatchObject([{ code: 'waited-in-vain', level: 'warning' }]);
});

test('a barge-in comes so many milliseconds after the agent began', () => {
  const over: Move = { type: 'say-over', line: line('wait', 300), afterMs: 500 };
  expect(spans(play([over], '...##########.....'))).toEqual([['wait', 780, 1_080]]);
});

test('the end of the speech that was barged in on is no answer', () => {
  const moves: Move[] = [
    { type: 'say-over', line: line('wait', 500), afterMs: 500 },
    wait,
    { type: 'say', line: line('thanks', 200) },
  ];
  const played = play(moves, `..###########..........####${'.'.repeat(12)}`);
  expect(spans(played)[1]?.[1]).toBeGreaterThan(2_700);
});

test('a murmur keeps the turn: what was heard before it still counts as the answer', () => {
  const moves: Move[] = [
    { type: 'say-over', line: line('mm-hm', 200, 'backchannel'), afterMs: 500 },
    wait,
    { type: 'say', line: line('thanks', 200) },
  ];
  const played = play(moves, `..########${'.'.repeat(20)}`);
  expect(played.caller.spoken.map(({ kind }) => kind)).toEqual(['backchannel', 'turn']);
  expect(played.caller.findings).toEqual([]);
});

test('a murmur that comes too late is left out, a barge-in is said as a turn', () => {
  const murmur: Move = {
    type: 'say-over',
    line: line('mm-hm', 200, 'backchannel'),
    afterMs: 2_000,
  };
  const bargeIn: Move = { type: 'say-over', line: line('wait', 200), afterMs: 2_000 };
  const agent = `.#####${'.'.repeat(30)}`;
  expect(play([murmur], agent).caller.spoken).toEqual([]);
  expect(play([bargeIn], agent).caller.spoken).toHaveLength(1);
  expect(play([bargeIn], agent).caller.findings[0]?.code).toBe('nothing-to-speak-over');
});

test('keys are pressed one by one', () => {
  const { picture } = play([{ type: 'press', digits: '12#' }, { type: 'hang-up' }], '......');
  expect(picture.replaceAll('#', 'k')).toBe('1.........2.........k');
});

test('a caller hangs up when the script says so', () => {
  const moves: Move[] = [{ type: 'delay', ms: 200 }, { type: 'hang-up' }];
  expect(play(moves, '......').hungUpMs).toBe(200);
});

test('a call that does not end is ended by the caller at the limit, with a finding', () => {
  const played = play([], '.'.repeat(20), 1_000);
  expect(played.hungUpMs).toBe(1_000);
  expect(played.caller.findings).toMatchObject([{ code: 'time-limit', level: 'error' }]);
});

test('a phone that vanishes says nothing more on the wire', () => {
  const { network } = play([{ type: 'delay', ms: 100 }, { type: 'vanish' }], '...');
  expect(network.slice(0, 5).every((fault) => fault === undefined)).toBe(true);
  expect(network.slice(5).every((fault) => fault === 'half-open')).toBe(true);
});

test('every frame has 160 samples, the last one filled with silence', () => {
  const caller = new ScriptedCaller({
    moves: [{ type: 'say', line: line('odd', 33) }],
    background: null,
    network: null,
    limitMs: 1_000,
  });
  const frames = [0, 20, 40].map((atMs) => caller.tick(QUIET, atMs).samples);
  expect(frames.map((frame) => frame?.length ?? null)).toEqual([160, 160, null]);
  expect(frames[1]?.at(-1)).toBe(0);
});

test('background sound is there while nobody speaks, and is clipped, not wrapped', () => {
  const caller = new ScriptedCaller({
    moves: [
      { type: 'delay', ms: 20 },
      { type: 'say', line: line('loud', 20) },
    ],
    background: { next: () => new Float32Array(160).fill(30_000) },
    network: null,
    limitMs: 1_000,
  });
  expect(caller.tick(QUIET, 0).samples?.[0]).toBe(30_000);
  expect(caller.tick(QUIET, 20).samples?.[0]).toBe(32_767);
});

test('whatever is heard, a script that hangs up comes to its end', () => {
  const random = randomFrom(7);
  for (let run = 0; run < 50; run += 1) {
    const agent = Array.from({ length: 700 }, () => (random() < 0.5 ? '#' : '.')).join('');
    const moves: Move[] = [
      wait,
      { type: 'say-over', line: line('a', 200), afterMs: 700 },
      wait,
      { type: 'hang-up' },
    ];
    expect(play(moves, agent).hungUpMs).not.toBeNull();
  }
});
