import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallError, type CallReport, MemoryCallStore, outcome } from '@earshot/calls';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inboundPlan } from '../twilio/inbound-plan.ts';
import { REPORTS, Reports } from './reports.ts';
import { spoolDisk } from './spool-disk.ts';

let directory: string;
let told: string[];
let failure: Error | null;
let startFailure: Error | null;
let store: MemoryCallStore;
const plan = inboundPlan({ callSid: 'CA1', from: '+1', to: '+2' }, 60_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earshot-reports-'));
  told = [];
  failure = null;
  startFailure = null;
  store = new MemoryCallStore();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const started = (stream: number): CallReport => ({ type: 'media-started', stream, atMs: stream });

const open = (onWait: () => void = () => {}) =>
  Reports.open({
    calls: store,
    lifecycle: {
      start: async ({ id, direction }, carrierCallId) => {
        if (startFailure) throw startFailure;
        told.push(`${id} ${direction} ${carrierCallId}`);
      },
      report: async (callId, report) => {
        if (failure) throw failure;
        told.push(`${callId} ${report.type} ${'stream' in report ? report.stream : ''}`.trim());
      },
    },
    disk: spoolDisk(directory, REPORTS),
    log: pino({ level: 'silent' }),
    wait: async () => {
      onWait();
      await new Promise((resolve) => setImmediate(resolve));
    },
  });

test('reports reach the call’s life in order, also after it was away', async () => {
  let waits = 0;
  await using reports = await open(() => {
    waits += 1;
    if (waits === 4) failure = null;
  });
  failure = new CallError('lifecycle-unavailable', 'away');
  for (const stream of [1, 2]) reports.tell('call-1', started(stream));
  await new Promise((resolve) => setImmediate(resolve));
  reports.tell('call-1', { type: 'terminate', atMs: 1 });
  await reports.settled();
  expect(told).toEqual(['call-1 media-started 1', 'call-1 media-started 2', 'call-1 terminate']);
});

test('a life that is over is told no more', async () => {
  await store.create(plan, 1, 'CA1');
  await store.settle(plan.id, outcome('completed'), 2);
  let waits = 0;
  await using reports = await open(() => {
    waits += 1;
  });
  failure = new CallError('call-not-found', 'over');
  reports.tell(plan.id, started(1));
  await reports.settled();
  failure = null;
  reports.tell('call-2', started(1));
  await reports.settled();
  expect(told).toEqual(['call-2 media-started 1']);
  expect(reports.counts).toMatchObject({ delivered: 1, dropped: 1 });
  expect(waits).toBe(0);
});

test('a report that is faster than the beginning of the life waits for it', async () => {
  let waits = 0;
  await using reports = await open(() => {
    waits += 1;
    if (waits === 5) failure = null;
  });
  failure = new CallError('call-not-found', 'not yet');
  reports.tell('call-1', started(1));
  await reports.settled();
  expect(told).toEqual(['call-1 media-started 1']);
});

test('a life that never begins is waited for no longer than reports can matter', async () => {
  await using reports = await open();
  failure = new CallError('call-not-found', 'never');
  reports.tell('call-1', started(1));
  await reports.settled();
  expect(reports.counts).toMatchObject({ delivered: 0, dropped: 1 });
});

test('a life begins before its reports are told, also by the next process', async () => {
  startFailure = new CallError('lifecycle-unavailable', 'away');
  {
    await using reports = await open();
    reports.begin(plan, 'CA1');
    reports.tell(plan.id, started(1));
    await new Promise((resolve) => setImmediate(resolve));
    reports.tell('call-2', started(1));
    reports.tell(plan.id, { type: 'terminate', atMs: 1 });
  }
  expect(told).toEqual(['call-2 media-started 1']);
  startFailure = null;
  await using reports = await open();
  await reports.settled();
  expect(told.slice(1)).toEqual([
    'call-CA1 inbound CA1',
    'call-CA1 media-started 1',
    'call-CA1 terminate',
  ]);
});

test('a life that could not begin before its call was over does not begin afterwards', async () => {
  startFailure = new CallError('lifecycle-unavailable', 'away');
  {
    await using reports = await open();
    reports.begin(plan, 'CA1');
  }
  startFailure = null;
  await store.create(plan, 1, 'CA1');
  await store.settle(plan.id, outcome('completed'), 2);
  await using reports = await open();
  await reports.settled();
  expect(told).toEqual([]);
});

test('what was not told is told by the next process, and what is no report is left out', async () => {
  failure = new CallError('lifecycle-unavailable', 'away');
  {
    await using reports = await open();
    reports.tell('call-1', started(1));
    reports.tell('call-2', { type: 'answered-by', answeredBy: 'human' });
  }
  const disk = spoolDisk(directory, REPORTS);
  await disk.append('reports-000000001.jsonl', '\n{"callId":"x","report":{"type":"rm -rf"}}\n7\n');
  failure = null;
  await using reports = await open();
  await reports.settled();
  expect(told.sort()).toEqual(['call-1 media-started 1', 'call-2 answered-by']);
});
