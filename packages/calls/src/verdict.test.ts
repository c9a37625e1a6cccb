import { expect, test } from 'vitest';
import type { CarrierStatus } from './carrier.ts';
import { merge, NO_PROGRESS } from './progress.ts';
import type { CallReport, MediaEnding } from './report.ts';
import { finalVerdict, lossVerdict, streamLives, verdictOf } from './verdict.ts';

const started: CallReport = { type: 'media-started', stream: 1, atMs: 1 };
const terminate: CallReport = { type: 'terminate', atMs: 5 };
const machine: CallReport = { type: 'answered-by', answeredBy: 'machine' };

function carrier(status: CarrierStatus): CallReport {
  return { type: 'carrier', carrierCallId: 'CA1', status, sequence: null, atMs: 2 };
}

function ended(ending: MediaEnding, stream = 1): CallReport {
  return { type: 'media-ended', stream, ending, atMs: 3 };
}

function progressOf(...told: CallReport[]) {
  return told.reduce(merge, NO_PROGRESS);
}

function verdict(...told: CallReport[]) {
  return verdictOf({ machineDetection: 'hang-up' }, progressOf(...told))?.reason ?? null;
}

test.each([
  ['nothing is known', null, []],
  ['it rings', null, [carrier('ringing')]],
  ['it is answered', null, [carrier('in-progress')]],
  ['both talk', null, [started]],
  ['the carrier alone says that it is over', null, [carrier('completed')]],
  ['the carrier says so while both talk', null, [started, carrier('completed')]],
  ['the line is lost', null, [started, ended('line-lost')]],
  ['the agent is lost', null, [started, ended('agent-lost')]],
  ['it is moved', null, [started, ended('moved')]],
  ['it is transferred', null, [started, ended('transferring')]],
  ['its stream alone is ended by the carrier', null, [started, ended('caller-hung-up')]],
  ['the caller hangs up', 'completed', [ended('caller-hung-up'), carrier('completed')]],
  ['the agent hangs up', 'completed', [started, ended('agent-hung-up')]],
  ['the time is over', 'max-duration', [started, ended('max-duration')]],
  ['an earlier stream was lost', null, [ended('line-lost'), { ...started, stream: 2 }]],
  ['only the second stream’s end is told', 'completed', [ended('agent-hung-up', 2)]],
  ['busy', 'busy', [carrier('busy')]],
  ['no answer', 'no-answer', [carrier('no-answer')]],
  ['failed', 'carrier-failed', [carrier('failed')]],
  ['somebody canceled it at the carrier', 'canceled', [carrier('canceled')]],
  ['terminated before an answer', 'canceled', [carrier('ringing'), terminate]],
  ['terminated after an answer', 'terminated', [carrier('in-progress'), terminate]],
  [
    'terminated, and the answer is seen by its end',
    'terminated',
    [terminate, carrier('completed')],
  ],
  ['terminated when it was busy already', 'busy', [terminate, carrier('busy')]],
  ['a machine answers', 'voicemail', [carrier('in-progress'), machine]],
  ['a machine answers, and it was terminated', 'terminated', [started, machine, terminate]],
] as const)('%s', (_name, reason, told) => {
  expect(verdict(...told)).toBe(reason);
});

test.each(['off', 'report'] as const)(
  'with detection %s a machine may talk',
  (machineDetection) => {
    expect(verdictOf({ machineDetection }, progressOf(started, machine))).toBeNull();
  },
);

test('what the carrier ended is judged by how its audio ended', () => {
  const final = (...told: CallReport[]) => finalVerdict(progressOf(...told), 'completed').reason;
  expect(final()).toBe('completed');
  expect(final(started, ended('line-lost'))).toBe('completed');
  expect(final(started, ended('transferring'))).toBe('transferred');
  expect(final(started, ended('agent-lost'))).toBe('agent-lost');
  expect(final(started, ended('caller-hung-up'))).toBe('completed');
  expect(final(ended('moved'), { ...started, stream: 2 })).toBe('completed');
});

test('a call that we cut off, and that the carrier ended then, was lost by us', () => {
  const end = finalVerdict(progressOf(started, ended('moved')), 'completed');
  expect(end).toEqual({ blame: 'us', reason: 'server-lost' });
});

test('a call that lost its audio for the third time was lost by the line', () => {
  const lost = [ended('line-lost', 1), ended('agent-lost', 2)];
  const final = (...told: CallReport[]) => finalVerdict(progressOf(...told), 'completed').reason;
  expect(final(...lost)).toBe('agent-lost');
  expect(final(...lost, ended('line-lost', 3))).toBe('line-lost');
  expect(final(...lost, ended('moved', 3), ended('line-lost', 4))).toBe('line-lost');
  expect(final(ended('line-lost', 1), ended('moved', 2), ended('line-lost', 3))).toBe('completed');
});

test('what did not come back is judged by why it went', () => {
  const blames = (['line-lost', 'agent-lost', 'moved'] as const).map((ending) =>
    lossVerdict(ending),
  );
  expect(blames).toEqual([
    { blame: 'carrier', reason: 'line-lost' },
    { blame: 'agent', reason: 'agent-lost' },
    { blame: 'us', reason: 'server-lost' },
  ]);
});

test('a stream lives from its start to its end', () => {
  expect(streamLives(NO_PROGRESS)).toBe(false);
  expect(streamLives(progressOf(started))).toBe(true);
  expect(streamLives(progressOf(started, ended('moved')))).toBe(false);
});
