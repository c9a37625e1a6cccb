import { expect, test } from 'vitest';
import type { Call } from './call.ts';
import { noticeOf, noticeOfMessage } from './notice.ts';
import { outcome } from './outcome.ts';

const URL = 'https://hooks.example/earshot';
const AT = Date.parse('2026-01-31T12:00:00Z');

const call: Call = {
  id: 'call-1',
  direction: 'outbound',
  to: '+12025550142',
  from: '+12025550100',
  receptionistId: null,
  greeting: 'Hello',
  systemPrompt: null,
  maxDurationMs: 600_000,
  ringTimeoutMs: 60_000,
  machineDetection: 'hang-up',
  record: false,
  vadConfig: null,
  metadata: { order: 7 },
  agent: null,
  createdAtMs: AT,
  phase: 'queued',
  carrierCallId: null,
  dialledAtMs: null,
  ringingAtMs: null,
  answeredAtMs: null,
  answeredBy: null,
  endedAtMs: null,
  outcome: null,
};

const noticed = (change: Partial<Call>) => {
  const changed = { ...call, ...change };
  const type = changed.phase === 'ended' ? 'ended' : 'phase';
  return noticeOf({ type, call: changed }, URL, AT);
};

test('a call’s beginning is told once, with the call', () => {
  const delivery = noticed({});
  expect(delivery).toMatchObject({
    id: 'call-1:call.started',
    url: URL,
    event: 'call.started',
    attempts: 0,
    nextAttemptAtMs: AT,
  });
  expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
    id: 'call-1:call.started',
    type: 'call.started',
    created_at: '2026-01-31T12:00:00.000Z',
    data: {
      call: {
        call_id: 'call-1',
        phone_number: '+12025550142',
        status: 'initiated',
        outcome: null,
        metadata: { order: 7 },
        call_config: { machine_detection: 'hang_up', max_duration_seconds: 600 },
      },
    },
  });
});

test('so is its answer, and its end with the outcome', () => {
  expect(noticed({ phase: 'answered', answeredAtMs: AT })?.id).toBe('call-1:call.answered');
  const ended = noticed({
    direction: 'inbound',
    phase: 'ended',
    answeredAtMs: AT,
    endedAtMs: AT + 61_500,
    outcome: outcome('completed'),
  });
  expect(JSON.parse(ended?.body ?? '').data.call).toMatchObject({
    phone_number: '+12025550100',
    status: 'completed',
    outcome: { blame: 'nobody', reason: 'completed' },
    duration_seconds: 61.5,
  });
});

test('that it rings is no news', () => {
  expect(noticed({ phase: 'ringing' })).toBeNull();
});

test('a message is told with the call that it was left in', () => {
  const message = { index: 2, name: 'Ann', number: '555', text: 'Call me', takenAtMs: AT };
  const delivery = noticeOfMessage('call-1', message, URL, AT);
  expect(delivery.id).toBe('call-1:message.taken:2');
  expect(JSON.parse(delivery.body)).toEqual({
    id: 'call-1:message.taken:2',
    type: 'message.taken',
    created_at: '2026-01-31T12:00:00.000Z',
    data: {
      call_id: 'call-1',
      message: {
        name: 'Ann',
        number: '555',
        message: 'Call me',
        taken_at: '2026-01-31T12:00:00.000Z',
      },
    },
  });
});
