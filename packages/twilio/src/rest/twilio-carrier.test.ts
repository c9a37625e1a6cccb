import { CallError, type DialOrder, type PhoneLeg } from '@earshot/calls';
import { expect, test } from 'vitest';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  answers,
  CALL_SID,
  callList,
  callResource,
  html,
  isSilent,
  type Received,
  refuses,
  resets,
  ScriptedTwilio,
} from './scripted-twilio.fake.ts';
import { TwilioCarrier, type TwilioCarrierOptions } from './twilio-carrier.ts';
import { TwilioRest } from './twilio-rest.ts';

const { signal } = new AbortController();
const CALLS = `/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`;
const CALL = `/2010-04-01/Accounts/${ACCOUNT_SID}/Calls/${CALL_SID}.json`;
const OTHER_SID = `CA${'e'.repeat(32)}`;
const sinceMs = Date.UTC(2026, 10, 21, 12, 0, 0);

const order: DialOrder = {
  callId: 'call-1',
  to: '+15005550001',
  from: '+15005550006',
  ringTimeoutMs: 30_000,
  maxDurationMs: 1_800_500,
  machineDetection: 'off',
};

const leg: PhoneLeg = { callId: order.callId, carrierCallId: CALL_SID };

function carrierOf(twilio: ScriptedTwilio, options: Partial<TwilioCarrierOptions> = {}) {
  const credentials = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
  const rest = new TwilioRest({
    credentials,
    baseUrl: twilio.url,
    timeoutMs: 200,
    wait: async () => {},
  });
  const urlOf = (path: string) => `https://voice.example.com${path}`;
  return new TwilioCarrier({ rest, urlOf, twimlFor: ({ callId }) => `<${callId}/>`, ...options });
}

function sent(received: Received | undefined, name: string): string[] {
  return (received?.form ?? []).filter(([key]) => key === name).map(([, value]) => value);
}

function steps(twilio: ScriptedTwilio): string[] {
  return twilio.received.map((one) => `${one.method} ${sent(one, 'Status')[0] ?? ''}`.trim());
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((error: unknown) => error);
  return error instanceof CallError ? error.code : `no CallError: ${String(error)}`;
}

test('a dial asks once for the call, with callbacks that carry our id', async () => {
  await using twilio = await ScriptedTwilio.open(answers(201, callResource()));
  expect(await carrierOf(twilio).dial(order, signal)).toBe(CALL_SID);
  expect(twilio.received).toMatchObject([{ method: 'POST', path: CALLS }]);
  expect(twilio.received[0]?.form).toEqual([
    ['From', '+15005550006'],
    ['StatusCallback', 'https://voice.example.com/twilio/status/call-1'],
    ['StatusCallbackEvent', 'answered'],
    ['StatusCallbackEvent', 'completed'],
    ['StatusCallbackEvent', 'initiated'],
    ['StatusCallbackEvent', 'ringing'],
    ['StatusCallbackMethod', 'POST'],
    ['TimeLimit', '1801'],
    ['Timeout', '30'],
    ['To', '+15005550001'],
    ['Twiml', '<call-1/>'],
  ]);
});

test('machines are detected in the background, so that the callee hears us at once', async () => {
  const good = answers(201, callResource());
  await using twilio = await ScriptedTwilio.open(good, good);
  for (const machineDetection of ['report', 'hang-up'] as const)
    await carrierOf(twilio).dial({ ...order, machineDetection }, signal);
  for (const received of twilio.received) {
    expect(sent(received, 'MachineDetection')).toEqual(['Enable']);
    expect(sent(received, 'AsyncAmd')).toEqual(['true']);
    expect(sent(received, 'AsyncAmdStatusCallback')).toEqual([
      'https://voice.example.com/twilio/amd/call-1',
    ]);
  }
});

test('a call id cannot leave its place in the callback, nor a long ring its limit', async () => {
  await using twilio = await ScriptedTwilio.open(answers(201, callResource()));
  const wild = { ...order, callId: '../x?y#z', ringTimeoutMs: 1e9 };
  await carrierOf(twilio).dial(wild, signal);
  expect(sent(twilio.received[0], 'StatusCallback')).toEqual([
    'https://voice.example.com/twilio/status/..%2Fx%3Fy%23z',
  ]);
  expect(sent(twilio.received[0], 'Timeout')).toEqual(['600']);
});

test('an unclear dial is told as such, and is not sent again', async () => {
  for (const reply of [resets(), html(503), html(201), isSilent()]) {
    await using twilio = await ScriptedTwilio.open(reply, answers(201, callResource()));
    expect(await codeOf(carrierOf(twilio).dial(order, signal))).toBe('carrier-ambiguous');
    expect(twilio.received).toHaveLength(1);
  }
});

test('a dial that Twilio had no time for is sent again; one that it refuses is not', async () => {
  const good = answers(201, callResource());
  await using twilio = await ScriptedTwilio.open(refuses(429, 20_429), good, refuses(400, 21_215));
  expect(await carrierOf(twilio).dial(order, signal)).toBe(CALL_SID);
  expect(await codeOf(carrierOf(twilio).dial(order, signal))).toBe('carrier-refused');
  expect(twilio.received).toHaveLength(3);
});

test('what can never be dialled is not asked for', async () => {
  await using twilio = await ScriptedTwilio.open();
  const dial = (changes: Partial<DialOrder>, options: Partial<TwilioCarrierOptions> = {}) =>
    codeOf(carrierOf(twilio, options).dial({ ...order, ...changes }, signal));
  for (const to of ['sip:me@evil.example', 'client:x', '911', '+1500555000x', ''])
    expect(await dial({ to })).toBe('bad-number');
  expect(await dial({ from: 'sip:me' })).toBe('carrier-refused');
  expect(await dial({}, { twimlFor: () => 'x'.repeat(4_001) })).toBe('carrier-refused');
  const twimlFor = () => Promise.reject(new Error('no pass'));
  expect(await dial({}, { twimlFor })).toBe('carrier-unavailable');
  expect(twilio.received).toHaveLength(0);
});

test('a lost dial is found by its numbers, its direction and its moment', async () => {
  const calls = [
    callResource({ direction: 'inbound', sid: `CA${'1'.repeat(32)}` }),
    callResource({ direction: 'outbound-dial', sid: `CA${'2'.repeat(32)}` }),
    callResource({ sid: OTHER_SID, date_created: 'Sat, 21 Nov 2026 11:59:00 +0000' }),
    callResource({ status: 'ringing', start_time: 'Sat, 21 Nov 2026 12:00:01 +0000' }),
  ];
  await using twilio = await ScriptedTwilio.open(answers(200, callList(calls)));
  expect(await carrierOf(twilio).find(order, sinceMs, signal)).toEqual({
    carrierCallId: CALL_SID,
    status: 'ringing',
    answeredBy: null,
    startedAtMs: sinceMs + 1_000,
    endedAtMs: null,
  });
  expect(twilio.received[0]).toMatchObject({
    method: 'GET',
    path: CALLS,
    query: [
      ['From', '+15005550006'],
      ['PageSize', '100'],
      ['To', '+15005550001'],
    ],
  });
});

test('the whole list is read, at our address, whatever address the next page claims', async () => {
  const next = `https://evil.example${CALLS}?PageSize=1&Page=1&PageToken=PACA1`;
  await using twilio = await ScriptedTwilio.open(
    answers(200, callList([], next)),
    answers(200, callList([callResource()])),
  );
  expect(await carrierOf(twilio).find(order, sinceMs, signal)).not.toBeNull();
  expect(twilio.received[1]?.path).toBe(CALLS);
  expect(twilio.received[1]?.query).toEqual([
    ['From', '+15005550006'],
    ['Page', '1'],
    ['PageSize', '100'],
    ['PageToken', 'PACA1'],
    ['To', '+15005550001'],
  ]);
});

test('a list without an end is left', async () => {
  const endless = answers(200, callList([], `${CALLS}?Page=1&PageToken=x`));
  await using twilio = await ScriptedTwilio.open(...Array.from({ length: 9 }, () => endless));
  expect(await carrierOf(twilio).find(order, sinceMs, signal)).toBeNull();
  expect(twilio.received).toHaveLength(5);
});

test('of two calls that it could be, none is guessed, unless one is known', async () => {
  const two = answers(200, callList([callResource(), callResource({ sid: OTHER_SID })]));
  await using twilio = await ScriptedTwilio.open(two, two, two);
  expect(await carrierOf(twilio).find(order, sinceMs, signal)).toBeNull();
  for (const owner of ['call-1', 'call-2']) {
    const known = owner === 'call-1' ? CALL_SID : OTHER_SID;
    const ownerOf = async (sid: string) => (sid === known ? owner : null);
    const found = await carrierOf(twilio, { ownerOf }).find(order, sinceMs, signal);
    expect(found?.carrierCallId).toBe(CALL_SID);
  }
});

test('a call that this process dialled for somebody else is not taken', async () => {
  await using twilio = await ScriptedTwilio.open(
    answers(201, callResource()),
    answers(200, callList([callResource()])),
  );
  const carrier = carrierOf(twilio);
  await carrier.dial({ ...order, callId: 'call-2' }, signal);
  expect(await carrier.find(order, sinceMs, signal)).toBeNull();
});

test('of two unclear dials to one callee neither gets the call that is found, until one is known', async () => {
  const one = answers(200, callList([callResource()]));
  const both = answers(200, callList([callResource(), callResource({ sid: OTHER_SID })]));
  await using twilio = await ScriptedTwilio.open(resets(), resets(), one, one, both);
  const owners = new Map<string, string>();
  const carrier = carrierOf(twilio, { ownerOf: async (sid) => owners.get(sid) ?? null });
  const rival = { ...order, callId: 'call-2' };
  for (const unclear of [order, rival])
    expect(await codeOf(carrier.dial(unclear, signal))).toBe('carrier-ambiguous');
  expect(await carrier.find(order, sinceMs, signal)).toBeNull();
  expect(await carrier.find(rival, sinceMs, signal)).toBeNull();
  owners.set(OTHER_SID, 'call-2');
  expect(await carrier.find(order, sinceMs, signal)).toMatchObject({ carrierCallId: CALL_SID });
});

test('a dial elsewhere, and one that was refused, take nothing away', async () => {
  const one = answers(200, callList([callResource()]));
  await using twilio = await ScriptedTwilio.open(resets(), refuses(400, 21_211), one);
  const carrier = carrierOf(twilio);
  await codeOf(carrier.dial({ ...order, callId: 'call-2', to: '+15005550002' }, signal));
  await codeOf(carrier.dial({ ...order, callId: 'call-3' }, signal));
  expect(await carrier.find(order, sinceMs, signal)).not.toBeNull();
});

test.each([
  ['human', 'human'],
  ['machine_start', 'machine'],
  ['machine_end_beep', 'machine'],
  ['machine', 'machine'],
  ['fax', 'fax'],
  ['unknown', 'unknown'],
  ['alien', null],
  [null, null],
])('a look at a call that %s answered', async (answered_by, answeredBy) => {
  const call = callResource({
    status: 'completed',
    answered_by,
    start_time: 'Sat, 21 Nov 2026 12:00:02 +0000',
    end_time: 'Sat, 21 Nov 2026 12:01:02 +0000',
  });
  await using twilio = await ScriptedTwilio.open(answers(200, call));
  expect(await carrierOf(twilio).lookUp(CALL_SID, signal)).toEqual({
    carrierCallId: CALL_SID,
    status: 'completed',
    answeredBy,
    startedAtMs: sinceMs + 2_000,
    endedAtMs: sinceMs + 62_000,
  });
  expect(twilio.received).toMatchObject([{ method: 'GET', path: CALL }]);
});

test('a call that Twilio does not know is none; a page that is missing is an error', async () => {
  await using twilio = await ScriptedTwilio.open(refuses(404, 20_404), html(404), html(503));
  const carrier = carrierOf(twilio);
  expect(await carrier.lookUp(CALL_SID, signal)).toBeNull();
  expect(await codeOf(carrier.lookUp(CALL_SID, signal))).toBe('carrier-refused');
  expect(await codeOf(carrier.lookUp(CALL_SID, signal))).toBe('carrier-unavailable');
});

test('a state that nobody knows is not believed', async () => {
  await using twilio = await ScriptedTwilio.open(answers(200, callResource({ status: 'odd' })));
  expect(await codeOf(carrierOf(twilio).lookUp(CALL_SID, signal))).toBe('carrier-unavailable');
});

test('an id that is none reaches nobody', async () => {
  await using twilio = await ScriptedTwilio.open();
  const carrier = carrierOf(twilio);
  for (const bad of ['', '../Keys', `${CALL_SID}/x`, 'call-1']) {
    expect(await carrier.lookUp(bad, signal)).toBeNull();
    const none = { ...leg, carrierCallId: bad };
    expect(await codeOf(carrier.transfer(none, '+15005550001', signal))).toBe('call-over');
    expect(await codeOf(carrier.sendDigits(none, '1', signal))).toBe('call-over');
    await carrier.hangUp(bad, signal);
  }
  expect(twilio.received).toHaveLength(0);
});

const status = (status: string) => answers(200, callResource({ status }));

test.each([
  [
    'a call in the queue is canceled',
    [status('queued'), status('canceled')],
    ['GET', 'POST canceled'],
  ],
  ['a ringing call is canceled', [status('ringing'), status('ringing')], ['GET', 'POST canceled']],
  [
    'a live call is completed',
    [status('in-progress'), status('completed')],
    ['GET', 'POST completed'],
  ],
  [
    'a call that is answered just then is completed',
    [status('ringing'), status('in-progress'), status('completed')],
    ['GET', 'POST canceled', 'POST completed'],
  ],
  [
    'a call that cannot be canceled any more is completed',
    [status('ringing'), refuses(400, 21_220), status('completed')],
    ['GET', 'POST canceled', 'POST completed'],
  ],
  [
    'a call that is not readable yet is completed blindly',
    [refuses(404, 20_404), status('completed')],
    ['GET', 'POST completed'],
  ],
  ['a call that is over is left', [status('busy')], ['GET']],
  [
    'a call that ends just then is over',
    [status('in-progress'), refuses(400, 21_220)],
    ['GET', 'POST completed'],
  ],
  [
    'a call that nobody knows is over',
    [refuses(404, 20_404), refuses(404, 20_404)],
    ['GET', 'POST completed'],
  ],
])('to hang up: %s', async (_, replies, expected) => {
  await using twilio = await ScriptedTwilio.open(...replies);
  await carrierOf(twilio).hangUp(CALL_SID, signal);
  expect(steps(twilio)).toEqual(expected);
  expect(new Set(twilio.received.map(({ path }) => path))).toEqual(new Set([CALL]));
});

test('a hang-up that may not have worked says so, and may be tried again', async () => {
  await using twilio = await ScriptedTwilio.open(status('in-progress'), html(500));
  const error = await carrierOf(twilio)
    .hangUp(CALL_SID, signal)
    .catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'carrier-unavailable', retryable: true });
});

test('a transfer rings elsewhere and asks us afterwards how that call goes on', async () => {
  await using twilio = await ScriptedTwilio.open(status('in-progress'));
  await carrierOf(twilio).transfer(leg, '+15005550002', signal);
  expect(twilio.received).toMatchObject([{ method: 'POST', path: CALL }]);
  expect(twilio.received[0]?.form).toEqual([
    [
      'Twiml',
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Dial action="https://voice.example.com/twilio/continue/call-1" timeout="30" answerOnBridge="true">' +
        '<Number>+15005550002</Number></Dial></Response>',
    ],
  ]);
});

test('keys are pressed, and then Twilio asks us how that call goes on', async () => {
  await using twilio = await ScriptedTwilio.open(status('in-progress'));
  await carrierOf(twilio).sendDigits(leg, '1w#', signal);
  expect(sent(twilio.received[0], 'Twiml')[0]).toContain(
    '<Response><Play digits="1w#"/>' +
      '<Redirect method="POST">https://voice.example.com/twilio/continue/call-1</Redirect></Response>',
  );
});

test('keys are never pressed twice; a transfer may be asked for again', async () => {
  await using twilio = await ScriptedTwilio.open(resets(), resets());
  const carrier = carrierOf(twilio);
  expect(await codeOf(carrier.sendDigits(leg, '1', signal))).toBe('carrier-ambiguous');
  expect(await codeOf(carrier.transfer(leg, order.to, signal))).toBe('carrier-unavailable');
});

test('what is over can be neither transferred nor pressed into, nor what only rings', async () => {
  await using twilio = await ScriptedTwilio.open();
  const carrier = carrierOf(twilio);
  const gone = [refuses(404, 20_404), refuses(404, 20_404)];
  for (const replies of [[refuses(400, 21_220), status('completed')], gone]) {
    twilio.will(...replies, ...replies);
    expect(await codeOf(carrier.transfer(leg, order.to, signal))).toBe('call-over');
    expect(await codeOf(carrier.sendDigits(leg, '1', signal))).toBe('call-over');
  }
  twilio.will(refuses(400, 21_220), status('ringing'));
  expect(await codeOf(carrier.transfer(leg, order.to, signal))).toBe('call-not-answered');
});

test('numbers and keys that make no sense go nowhere', async () => {
  await using twilio = await ScriptedTwilio.open();
  const carrier = carrierOf(twilio);
  for (const to of ['sip:a@b', '112', '"/><Dial>'])
    expect(await codeOf(carrier.transfer(leg, to, signal))).toBe('bad-number');
  for (const digits of ['', 'W', '1"/><Hangup', '1'.repeat(101)])
    expect(await codeOf(carrier.sendDigits(leg, digits, signal))).toBe('carrier-refused');
  expect(twilio.received).toHaveLength(0);
});
