import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer } from '../api/test-server.fake.ts';
import { readStream } from '../carrier.fake.ts';
import { FakeReceiver } from './receiver.fake.ts';

let receiver: FakeReceiver;
let server: TestServer;

beforeAll(async () => {
  receiver = await FakeReceiver.open();
  server = await TestServer.open({
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: 's'.repeat(32),
    WEBHOOK_ALLOW_LOOPBACK: 'true',
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

test('a user’s server is told of a call’s beginning, answer, message and end, each once', async () => {
  const { id, sid } = await server.order({ metadata: { order: 7 } });
  await server.status(id, sid, 'ringing', 1);
  await server.status(id, sid, 'in-progress', 2);
  await using stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
  await stream.hears(200);
  stream.press('1');
  stream.press('9');
  await stream.closed;
  await server.status(id, sid, 'completed', 3);
  await server.ask(`/calls/${id}/result`);
  const all = (await receiver.has(4)).map(({ headers, body }) => ({
    ...JSON.parse(body),
    header: headers['earshot-event'],
    delivery: headers['earshot-delivery'],
  }));
  expect(all.map(({ type }) => type).sort()).toEqual([
    'call.answered',
    'call.ended',
    'call.started',
    'message.taken',
  ]);
  for (const one of all) expect([one.header, one.delivery]).toEqual([one.type, one.id]);
  const dataOf = (type: string) => all.find((one) => one.type === type)?.data;
  expect(dataOf('call.started')).toMatchObject({
    call: { call_id: id, status: 'initiated', metadata: { order: 7 } },
  });
  expect(dataOf('call.answered')).toMatchObject({ call: { status: 'in_progress', call_sid: sid } });
  expect(dataOf('call.ended')).toMatchObject({
    call: { status: 'completed', outcome: { blame: 'nobody', reason: 'completed' } },
  });
  expect(dataOf('message.taken')).toEqual({
    call_id: id,
    message: {
      name: 'SECRET NAME',
      number: '+15550199',
      message: 'SECRET MESSAGE',
      taken_at: expect.any(String),
    },
  });
});

test('so it is of an incoming call', async () => {
  const before = receiver.received.length;
  const sid = `CA${'f'.repeat(32)}`;
  await using stream = await server.carrier.call(sid);
  await stream.hears(200);
  stream.press('9');
  await stream.closed;
  await server.ask(`/calls/${sid}/result`);
  const told = (await receiver.has(before + 3)).slice(before).map(({ body }) => JSON.parse(body));
  expect(told.map(({ type }) => type).sort()).toEqual([
    'call.answered',
    'call.ended',
    'call.started',
  ]);
  expect(told[0].data.call).toMatchObject({ direction: 'inbound', phone_number: '+15550123' });
});
