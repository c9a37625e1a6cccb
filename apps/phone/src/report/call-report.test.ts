import { expect, test } from 'vitest';
import type { SpokenTurn } from '../caller/spoken.ts';
import { type CallEvidence, percentile, reportOf } from './call-report.ts';
import type { Stretch } from './ear-timeline.ts';
import type { ServerTurn } from './server-transcript.ts';

const said = (words: string, startMs: number, endMs: number): SpokenTurn => ({
  kind: 'turn',
  said: words,
  startMs,
  endMs,
});
const murmur = (startMs: number): SpokenTurn => ({
  kind: 'backchannel',
  said: 'mm-hm',
  startMs,
  endMs: startMs + 300,
});
const agent = (...spans: [number, number][]): Stretch[] =>
  spans.map(([startMs, endMs]) => ({ startMs, endMs }));

const report = (evidence: Partial<CallEvidence>) =>
  reportOf({
    outcome: 'agent-hung-up',
    spoken: [],
    agentStretches: [],
    clears: [],
    streamStartedMs: 0,
    findings: [],
    transcript: null,
    ...evidence,
  });

const serverTurn = (
  speaker: 'caller' | 'agent',
  heard: string,
  startMs: number,
  endMs: number,
): ServerTurn => ({ speaker, said: `${heard}.`, heard, startMs, endMs, interrupted: false });

const transcript = (...turns: ServerTurn[]) => ({ turns, messages: [], tools: [] });

test('the gap is from the caller’s last voiced frame to the first sound at the ear', () => {
  const { turns, gap } = report({
    spoken: [said('hello', 3_000, 4_000), said('bye', 8_000, 8_500)],
    agentStretches: agent([500, 2_500], [4_640, 7_000], [9_000, 10_000]),
  });
  expect(turns.map(({ speaker, gapMs }) => [speaker, gapMs])).toEqual([
    ['agent', null],
    ['caller', null],
    ['agent', 640],
    ['caller', null],
    ['agent', 500],
  ]);
  expect(gap).toEqual({ p50: 500, p95: 640 });
});

test('the sentences of one reply are one turn with one gap', () => {
  const { turns } = report({
    spoken: [said('hello', 0, 1_000)],
    agentStretches: agent([1_500, 2_500], [3_000, 4_000]),
  });
  expect(turns.slice(1)).toMatchObject([{ startMs: 1_500, endMs: 4_000, gapMs: 500 }]);
});

test('a second prompt after long silence answers nothing', () => {
  const { turns } = report({
    spoken: [said('hello', 0, 1_000)],
    agentStretches: agent([1_500, 2_500], [9_000, 10_000]),
  });
  expect(turns.map(({ gapMs }) => gapMs)).toEqual([null, 500, null]);
});

test('a barge-in tells when the agent fell silent, and the next reply has its own gap', () => {
  const { bargeIns, turns, agentInterruptions } = report({
    spoken: [said('no, wait', 2_000, 2_900)],
    agentStretches: agent([500, 2_260], [3_300, 5_000]),
  });
  expect(bargeIns).toEqual([{ atMs: 2_000, silentAfterMs: 260 }]);
  expect(turns.map(({ interrupted, gapMs }) => [interrupted, gapMs])).toEqual([
    [true, null],
    [false, null],
    [false, 400],
  ]);
  expect(agentInterruptions).toEqual([]);
});

test('an agent that speaks into a pause of the caller’s turn interrupts, and its later reply counts', () => {
  const { agentInterruptions, turns, gap, findings } = report({
    spoken: [said('my number is … five', 1_000, 4_000)],
    agentStretches: agent([2_500, 3_200], [4_400, 5_000]),
  });
  expect(agentInterruptions).toEqual([{ atMs: 2_500, beforeEndMs: 1_500 }]);
  expect(turns.map(({ gapMs }) => gapMs)).toEqual([null, -1_500, 400]);
  expect(turns[0]?.interrupted).toBe(true);
  expect(gap.p50).toBe(400);
  expect(findings).toMatchObject([{ code: 'agent-interrupted', level: 'warning', atMs: 2_500 }]);
});

test('two sides that begin at the same moment interrupt nobody', () => {
  const { agentInterruptions } = report({
    spoken: [said('hello', 1_000, 2_000)],
    agentStretches: agent([1_100, 1_400]),
  });
  expect(agentInterruptions).toEqual([]);
});

test('a backchannel is no turn and no barge-in', () => {
  const { turns, bargeIns, backchannels } = report({
    spoken: [murmur(2_000)],
    agentStretches: agent([500, 5_000]),
  });
  expect(turns).toHaveLength(1);
  expect(turns[0]?.interrupted).toBe(false);
  expect(bargeIns).toEqual([]);
  expect(backchannels).toEqual([{ atMs: 2_000, yielded: false }]);
});

test.each([
  [2_300, 900, true],
  [2_300, 0, false],
  [1_900, 900, false],
  [4_000, 900, false],
])(
  'a clear at %d ms that drops %d ms is yielding to a murmur at 2000 ms: %s',
  (atMs, droppedMs, yielded) => {
    const { backchannels } = report({ spoken: [murmur(2_000)], clears: [{ atMs, droppedMs }] });
    expect(backchannels[0]?.yielded).toBe(yielded);
  },
);

test('the words come from the server, by speaker and time', () => {
  const { turns } = report({
    spoken: [said('Are you open on Saturday?', 3_000, 4_000), murmur(5_500)],
    agentStretches: agent([500, 2_500], [4_640, 7_000]),
    streamStartedMs: 300,
    transcript: transcript(
      serverTurn('agent', 'Hello', 100, 2_200),
      serverTurn('caller', 'are you open on saturday', 2_800, 3_900),
      serverTurn('agent', 'One moment', 4_300, 4_900),
      serverTurn('agent', 'Yes', 5_000, 6_600),
    ),
  });
  expect(turns.map(({ said: meant, heard }) => [meant, heard])).toEqual([
    ['Hello.', 'Hello'],
    ['Are you open on Saturday?', 'are you open on saturday'],
    ['One moment. Yes.', 'One moment Yes'],
  ]);
});

test('what no ear heard is given to no turn', () => {
  const { turns } = report({
    agentStretches: agent([500, 2_500]),
    transcript: transcript(serverTurn('agent', 'far away', 30_000, 31_000)),
  });
  expect(turns[0]?.heard).toBe('');
});

test('without the server’s transcript the ear’s report stands', () => {
  const { turns, messages, gap } = report({
    spoken: [said('hello', 0, 1_000)],
    agentStretches: agent([1_500, 2_500]),
  });
  expect(turns.map(({ heard }) => heard)).toEqual(['', '']);
  expect(messages).toEqual([]);
  expect(gap.p50).toBe(500);
});

test('a call in which nobody spoke has a report', () => {
  expect(report({})).toEqual({
    outcome: 'agent-hung-up',
    turns: [],
    bargeIns: [],
    backchannels: [],
    agentInterruptions: [],
    messages: [],
    findings: [],
    gap: { p50: null, p95: null },
  });
});

test('percentiles are of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([percentile(hundred, 50), percentile(hundred, 95), percentile([7], 95)]).toEqual([
    50, 95, 7,
  ]);
});
