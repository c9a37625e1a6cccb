import { expect, test } from 'vitest';
import type { CallOrder } from './call-order.ts';
import { OWN, openManualNetwork, TALKS } from './manual-network.ts';

const ALL = ['initiated', 'ringing', 'answered', 'completed'] as const;
const HANGUP = '<Response><Hangup/></Response>';
const LISTENS = '<Response><Pause length="60"/></Response>';

function order(server: { readonly url: string }, more: Partial<CallOrder> = {}): CallOrder {
  return {
    to: TALKS,
    from: OWN,
    direction: 'outbound-api',
    begin: { twiml: HANGUP },
    fallback: null,
    statusCallback: { url: `${server.url}/status`, method: 'POST', events: ALL },
    ringTimeoutMs: 60_000,
    timeLimitMs: 14_400_000,
    sendDigits: '',
    machineDetection: null,
    recording: null,
    ...more,
  };
}

const detection = {
  mode: 'Enable',
  async: true,
  timeoutMs: 30_000,
  speechThresholdMs: 2_400,
  speechEndThresholdMs: 1_200,
  silenceTimeoutMs: 5_000,
} as const;

test('a call that is answered: four callbacks in order, signed facts, a duration', async () => {
  await using here = await openManualNetwork();
  const { network, server } = here;
  const { sid } = network.exchange.place(order(server), null);
  const call = await here.over(sid);
  expect(call.status).toBe('completed');
  const told = here.told();
  expect(told.map(({ CallStatus }) => CallStatus).sort()).toEqual(
    ['initiated', 'ringing', 'in-progress', 'completed'].sort(),
  );
  const last = told.find(({ CallStatus }) => CallStatus === 'completed');
  expect(last).toMatchObject({
    CallSid: sid,
    SequenceNumber: '3',
    CallbackSource: 'call-progress-events',
    Direction: 'outbound-api',
    SipResponseCode: '200',
  });
  expect(last?.Timestamp).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  expect(Number(last?.CallDuration)).toBeGreaterThanOrEqual(0);
});

test.each([
  ['+12025550110', 'busy', '486', ['initiated', 'ringing', 'busy']],
  ['+12025550111', 'no-answer', '487', ['initiated', 'ringing', 'no-answer']],
  ['+12025550114', 'busy', '486', ['initiated', 'ringing', 'busy']],
  ['+12025550115', 'failed', '404', ['initiated', 'failed']],
])('%s ends as %s', async (to, status, code, statuses) => {
  await using here = await openManualNetwork();
  const { sid } = here.network.exchange.place(
    order(here.server, { to, ringTimeoutMs: 5_000 }),
    null,
  );
  expect((await here.over(sid)).status).toBe(status);
  const told = here.told().toSorted((a, b) => Number(a.SequenceNumber) - Number(b.SequenceNumber));
  expect(told.map(({ CallStatus }) => CallStatus)).toEqual(statuses);
  expect(told.at(-1)).toMatchObject({ SipResponseCode: code, CallDuration: '0' });
});

test('who answers after six rings does not answer a call that gives up before', async () => {
  await using here = await openManualNetwork();
  const patient = here.network.exchange.place(order(here.server, { to: '+12025550116' }), null);
  const hasty = { to: '+12025550116', ringTimeoutMs: 10_000 };
  const { sid } = here.network.exchange.place(order(here.server, hasty), null);
  expect((await here.over(sid)).status).toBe('no-answer');
  expect((await here.over(patient.sid)).status).toBe('completed');
});

test('who hangs up at once has answered', async () => {
  await using here = await openManualNetwork();
  const placed = order(here.server, { to: '+12025550113', begin: { twiml: LISTENS } });
  const call = await here.over(here.network.exchange.place(placed, null).sid);
  expect(call.status).toBe('completed');
  expect(call.durationMs).toBeLessThanOrEqual(400);
});

test('a call that is given up while it rings is canceled', async () => {
  await using here = await openManualNetwork();
  const call = here.network.exchange.place(order(here.server, { to: '+12025550111' }), null);
  await here.until(() => call.status === 'ringing');
  call.end('canceled');
  await here.over(call.sid);
  await here.until(() => here.told().length === 3);
  expect(here.told().map(({ CallStatus }) => CallStatus)).toContain('canceled');
  expect(call.answered).toBe(false);
});

test('one new call a second; the others wait in line, and can be given up there', async () => {
  await using here = await openManualNetwork();
  const { exchange } = here.network;
  const placed = [0, 1, 2].map(() => exchange.place(order(here.server), null));
  expect(placed.map(({ queueTimeMs }) => queueTimeMs)).toEqual([0, 1_000, 2_000]);
  expect(placed[2]?.status).toBe('queued');
  placed[2]?.end('canceled');
  await Promise.all(placed.map(({ sid }) => here.over(sid)));
  expect(placed.map(({ status }) => status)).toEqual(['completed', 'completed', 'canceled']);
  expect(placed[2]?.startedAt).toBe(null);
});

test.each([
  ['+12025550142', 'Enable', 'human'],
  ['+12025550112', 'Enable', 'machine_start'],
  ['+12025550112', 'DetectMessageEnd', 'machine_end_beep'],
  ['+12025550117', 'Enable', 'unknown'],
] as const)('%s is found out with %s to be %s', async (to, mode, answeredBy) => {
  await using here = await openManualNetwork();
  const callback = { url: `${here.server.url}/amd`, method: 'POST' } as const;
  const machineDetection = { ...detection, mode, callback };
  const begin = { twiml: LISTENS };
  const call = here.network.exchange.place(
    order(here.server, { to, begin, machineDetection }),
    null,
  );
  await here.until(() => here.told('/amd').length > 0);
  expect(here.told('/amd')).toMatchObject([{ CallSid: call.sid, AnsweredBy: answeredBy }]);
  call.end('completed');
  await here.over(call.sid);
  await here.until(() => here.told().length === 4);
  expect(here.told().find(({ CallStatus }) => CallStatus === 'completed')).toMatchObject({
    AnsweredBy: answeredBy,
  });
});

test('synchronous detection holds the TwiML back, and is told with the request for it', async () => {
  await using here = await openManualNetwork({ answers: { '/voice': HANGUP } });
  const begin = { url: `${here.server.url}/voice`, method: 'POST' } as const;
  const machineDetection = { ...detection, async: false, callback: null };
  const to = '+12025550112';
  const call = here.network.exchange.place(
    order(here.server, { to, begin, machineDetection }),
    null,
  );
  await here.over(call.sid);
  expect(here.told('/voice')).toMatchObject([{ AnsweredBy: 'machine_start' }]);
  expect(call.durationMs).toBeGreaterThanOrEqual(2_400);
});

test('a call is over at its time limit', async () => {
  await using here = await openManualNetwork();
  const placed = order(here.server, { begin: { twiml: LISTENS }, timeLimitMs: 3_000 });
  const call = await here.over(here.network.exchange.place(placed, null).sid);
  expect(call.durationMs).toBe(3_000);
  expect(call.status).toBe('completed');
});

test('a recorded call: its sound, and a callback that says where', async () => {
  await using here = await openManualNetwork();
  const callback = {
    url: `${here.server.url}/recording`,
    method: 'POST',
    events: ['completed'],
  } as const;
  const recording = { channels: 2, track: 'both', source: 'OutboundAPI', callback } as const;
  const begin = { twiml: '<Response><Say>hello</Say></Response>' };
  const call = here.network.exchange.place(order(here.server, { begin, recording }), null);
  await here.over(call.sid);
  await here.until(() => here.told('/recording').length === 1);
  const [recorded] = call.recordings;
  expect(here.told('/recording')).toMatchObject([
    {
      RecordingSid: recorded?.sid,
      RecordingStatus: 'completed',
      RecordingUrl: expect.stringContaining(`${here.network.url}/2010-04-01/Accounts/`),
      RecordingChannels: '2',
    },
  ]);
  expect(recorded?.status).toBe('completed');
});
