import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ACCOUNT, OWN, openManualNetwork, TALKS, TOKEN } from '../network/manual-network.ts';

const HANGUP = '<Response><Hangup/></Response>';
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;

type Network = Awaited<ReturnType<typeof openManualNetwork>>;

function post(here: Network, path: string, body: string | URLSearchParams): Promise<Response> {
  const headers = { authorization: AUTHORIZATION };
  return fetch(`${here.network.url}${path}`, { method: 'POST', body, headers });
}

function create(here: Network): Promise<Response> {
  const body = new URLSearchParams({
    To: TALKS,
    From: OWN,
    Twiml: HANGUP,
    StatusCallback: `${here.server.url}/status`,
  });
  for (const event of ['initiated', 'ringing', 'answered', 'completed'])
    body.append('StatusCallbackEvent', event);
  return post(here, `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`, body);
}

async function sidOf(answer: Response | Promise<Response>): Promise<string> {
  return z.object({ sid: z.string() }).parse(await (await answer).json()).sid;
}

async function statuses(here: Network, trouble: string, count: number): Promise<unknown[]> {
  here.network.troubles.set(trouble);
  const sid = await sidOf(create(here));
  await here.over(sid);
  await here.until(() => here.told().length === count);
  return here.told().map(({ CallStatus }) => CallStatus);
}

test('callbacks that come twice carry the same number and token', async () => {
  await using here = await openManualNetwork();
  await statuses(here, 'doubled', 8);
  const numbers = here.told().map(({ SequenceNumber }) => SequenceNumber);
  expect(numbers.toSorted()).toEqual(['0', '0', '1', '1', '2', '2', '3', '3']);
  const tokens = here.server.asked.map(({ headers }) => headers['i-twilio-idempotency-token']);
  expect(new Set(tokens).size).toBe(4);
});

test('callbacks that are shuffled overtake each other', async () => {
  await using here = await openManualNetwork();
  const told = await statuses(here, 'shuffled', 4);
  expect(told.indexOf('ringing')).toBeLessThan(told.indexOf('initiated'));
  expect(told.indexOf('completed')).toBeLessThan(told.indexOf('in-progress'));
});

test('late callbacks come five seconds later', async () => {
  await using here = await openManualNetwork({}, { trouble: 'late' });
  const before = here.clock.now();
  await sidOf(create(here));
  await here.until(() => here.told().length > 0);
  expect(here.clock.now() - before).toBeGreaterThanOrEqual(5_000);
});

test('a lost answer: the connection breaks, and the call is placed', async () => {
  await using here = await openManualNetwork({}, { trouble: 'lost-answer' });
  await expect(create(here)).rejects.toThrow('fetch failed');
  expect(here.network.exchange.calls).toHaveLength(1);
});

test.each([
  ['429', 429, 20429],
  ['5xx', 503, 20503],
])('with %s nothing is carried out', async (trouble, status, code) => {
  await using here = await openManualNetwork({}, { trouble });
  const answer = await create(here);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code, status });
  expect(here.network.exchange.calls).toEqual([]);
});

test('a network that is down resets connections, until that is ended', async () => {
  await using here = await openManualNetwork({}, { trouble: 'down' });
  await expect(create(here)).rejects.toThrow('fetch failed');
  expect((await post(here, '/emulator/trouble', '{"trouble":""}')).status).toBe(200);
  expect((await create(here)).status).toBe(201);
  const wrong = await post(here, '/emulator/trouble', '{"trouble":"rain"}');
  expect(await wrong.json()).toMatchObject({ code: 20001, message: expect.stringMatching('late') });
});

test('slow answers take five seconds of the network’s time', async () => {
  await using here = await openManualNetwork({}, { trouble: 'slow' });
  const before = here.clock.now();
  await here.clock.passUntil(create(here));
  expect(here.clock.now() - before).toBeGreaterThanOrEqual(5_000);
});

test.each(['/', '/2010-04-01', `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, '//[', '/%zz'])(
  '%s is not there',
  async (path) => {
    await using here = await openManualNetwork();
    const answer = await post(here, path, '');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 20404 });
  },
);

test('a method that is not for it, and a body that is too large', async () => {
  await using here = await openManualNetwork();
  const headers = { authorization: AUTHORIZATION };
  const calls = `${here.network.url}/2010-04-01/Accounts/${ACCOUNT}/Calls.json`;
  expect((await fetch(calls, { method: 'DELETE', headers })).status).toBe(405);
  const large = await fetch(calls, { method: 'POST', headers, body: 'x'.repeat(100_000) });
  expect(large.status).toBe(400);
});

test('a client that goes away in the middle of its request does not matter', async () => {
  await using here = await openManualNetwork();
  const { port } = new URL(here.network.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('POST /2010-04-01/Calls.json HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nTo=');
  await new Promise((resolve) => socket.write('1', resolve));
  socket.destroy();
  expect((await create(here)).status).toBe(201);
});

test('somebody rings the number: the webhook is asked, and the call is known and can be ended', async () => {
  await using here = await openManualNetwork({
    answers: { '/voice': '<Response><Pause length="600"/></Response>' },
  });
  const [number] = here.network.numbers.all;
  if (number) here.network.numbers.update(number, { statusCallback: `${here.server.url}/status` });
  const rung = await post(here, '/emulator/calls', '{"from":"+14155550199","scenario":"demo"}');
  expect(rung.status).toBe(201);
  const sid = await sidOf(rung);
  const call = here.network.exchange.find(sid);
  await here.until(() => call?.status === 'in-progress');
  expect(here.told('/voice')).toMatchObject([
    { CallSid: sid, Direction: 'inbound', CallStatus: 'ringing', From: '+14155550199', To: OWN },
  ]);
  const path = `/2010-04-01/Accounts/${ACCOUNT}/Calls/${sid}.json`;
  const ended = await post(here, path, 'Status=completed');
  expect(await ended.json()).toMatchObject({ status: 'completed', direction: 'inbound' });
  await here.until(() => here.told().length === 1);
  expect(here.told()).toMatchObject([{ CallStatus: 'completed', SequenceNumber: '0' }]);
});

test.each([
  ['<Response><Reject reason="busy"/></Response>', 'busy'],
  ['<Response><Reject/></Response>', 'no-answer'],
  ['rubbish', 'failed'],
])('a server that answers a ring with %s: %s', async (answer, status) => {
  await using here = await openManualNetwork({ answers: { '/voice': answer } });
  const sid = await sidOf(post(here, '/emulator/calls', '{}'));
  expect((await here.over(sid)).status).toBe(status);
});

test.each([
  ['{"scenario":"nobody"}', 20001],
  ['{"to":"+14155550199"}', 21211],
  ['{"from":"me"}', 21212],
  ['{"form":"+14155550199"}', 20001],
  ['{', 20001],
])('a ring of %s is refused with %i', async (body, code) => {
  await using here = await openManualNetwork();
  expect(await (await post(here, '/emulator/calls', body)).json()).toMatchObject({ code });
});

test('a call is dialled on, and the action told how that went', async () => {
  await using here = await openManualNetwork({ answers: { '/continue': HANGUP } });
  const twiml = (number: string) =>
    `<Response><Dial action="${here.server.url}/continue" timeout="5">${number}</Dial></Response>`;
  for (const [number, status] of [
    ['+12025550110', 'busy'],
    ['+12025550113', 'completed'],
  ] as const) {
    const body = new URLSearchParams({ To: TALKS, From: OWN, Twiml: twiml(number) });
    const created = post(here, `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`, body);
    await here.over(await sidOf(created));
    expect(here.told('/continue').at(-1)).toMatchObject({ DialCallStatus: status });
  }
});
