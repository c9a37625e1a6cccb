import { expect, test } from 'vitest';
import { parseScenario } from '../caller/parse-scenario.ts';
import type { CallReport, ReportedTurn } from './call-report.ts';
import { checkExpectations } from './expectations.ts';

const turn = (speaker: 'caller' | 'agent', heard: string): ReportedTurn => ({
  speaker,
  said: heard,
  heard,
  startMs: 0,
  endMs: 0,
  gapMs: null,
  interrupted: false,
});

const good: CallReport = {
  outcome: 'agent-hung-up',
  turns: [turn('agent', 'Hello.'), turn('caller', 'Hi'), turn('agent', 'Thank you, goodbye.')],
  bargeIns: [{ atMs: 1_000, silentAfterMs: 300 }],
  backchannels: [{ atMs: 2_000, yielded: false }],
  agentInterruptions: [],
  messages: [{ name: 'Mary Jones', number: '+1 555 0142' }],
  findings: [],
  gap: { p50: 500, p95: 900 },
};

const failed = (report: Partial<CallReport>, yaml: string): string[] => {
  const { expect: wanted } = parseScenario(`scenario: x\nsteps: [hangUp]\nexpect: ${yaml}`, 'x');
  if (!wanted) throw new Error('no expectation');
  return checkExpectations({ ...good, ...report }, wanted).flatMap(({ ok, name }) =>
    ok ? [] : [name],
  );
};

test('a call that did all of it passes', () => {
  const all = `{agentSays: hello, farewell: goodbye, turns: 3, bargeIns: 1, backchannels: 1,
    agentInterruptions: 0, outcome: agent-hung-up, messages: [{name: mary jones, number: "15550142"}]}`;
  expect(failed({}, all)).toEqual([]);
});

test.each([
  ['too few turns', {}, '{turns: 4}'],
  [
    'a barge-in over which the agent spoke on',
    { bargeIns: [{ atMs: 0, silentAfterMs: 4_000 }] },
    '{bargeIns: 1}',
  ],
  [
    'a backchannel that took the floor',
    { backchannels: [{ atMs: 0, yielded: true }] },
    '{backchannels: 1}',
  ],
  ['words nobody heard', {}, '{agentSays: sunday}'],
  ['a farewell that was not the last word', {}, '{farewell: ^hello}'],
  ['a message of somebody else', {}, '{messages: [{name: Ann Lee, number: "15550142"}]}'],
  ['a wrong digit', {}, '{messages: [{name: mary jones, number: "15550143"}]}'],
  ['no message', { messages: [] }, '{messages: [{name: mary jones, number: "15550142"}]}'],
  ['another outcome', {}, '{outcome: caller-hung-up}'],
  ['a call that failed', { outcome: 'failed' as const }, '{}'],
  [
    'an error, whatever is expected',
    { findings: [{ code: '31951', level: 'error', text: 'bad', atMs: 0 } as const] },
    '{}',
  ],
])('%s is told', (_, report: Partial<CallReport>, yaml) => {
  expect(failed(report, yaml)).toHaveLength(1);
});
