import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { readStream } from '../carrier.fake.ts';
import { TestServer } from './test-server.fake.ts';

const numbers = ['+12025550143', '+12025550144', '+12025550145', '+12025550146'];

/** Until its agent has spoken. */
async function answer(server: TestServer, id: string, sid: string) {
  await server.status(id, sid, 'in-progress', 2);
  const stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
  await stream.hears(200);
  return stream;
}

test('calls that are not dialled yet never are, and those that ring may be answered', async () => {
  await using server = await TestServer.open({ CALLS_PER_SECOND: '1' });
  const { id, sid } = await server.order();
  const waiting: string[] = [];
  for (const phone_number of numbers)
    waiting.push(String((await server.post('/calls', { phone_number })).body.call_id));
  const drained = server.drain();
  const { body } = await server.ask(`/calls/${waiting.at(-1)}/result?wait=20`);
  expect(body).toMatchObject({ status: 'canceled', call_sid: null });
  expect(server.twilio.calls.size).toBeLessThan(1 + numbers.length);
  await using stream = await answer(server, id, sid);
  stream.press('9');
  await stream.closed;
  await server.status(id, sid, 'completed', 3);
  await drained;
  expect((await server.ask(`/calls/${id}/result`)).body.status).toBe('completed');
});

test('what nobody has answered at the end of the grace does not go on ringing', async () => {
  await using server = await TestServer.open({ GRACE_MS: '200' });
  const { id, sid } = await server.order();
  await server.status(id, sid, 'ringing', 1);
  await server.drain();
  expect(server.twilio.calls.get(sid)?.status).toBe('canceled');
  expect((await server.ask(`/calls/${id}`)).body.status).toBe('canceled');
});

test('a call whose stream is lost meanwhile gets another, until the grace is over', async () => {
  await using server = await TestServer.open();
  const { id, sid } = await server.order();
  const lost = await answer(server, id, sid);
  const drained = server.drain();
  lost.socket.terminate();
  const form = { CallSid: sid };
  const verbs = await server.carrier.post(`/twilio/continue/${id}`, form);
  await using stream = await server.carrier.stream(sid, readStream(verbs.text));
  await stream.hears(200);
  stream.press('9');
  await stream.closed;
  await drained;
  expect((await server.carrier.post('/twilio/twiml/call-1', form)).text).toContain('We are sorry');
});

/** Asks on one connection, again and again, until there is no answer any more. */
async function poll(url: string, asked: () => void): Promise<(number | undefined)[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: (number | undefined)[] = [];
  try {
    for (;;) {
      const asking = get(url, { agent });
      asking.once('finish', asked);
      const [response]: IncomingMessage[] = await once(asking, 'response');
      statuses.push(response?.statusCode);
      if (response) await text(response);
    }
  } catch {
    return statuses;
  } finally {
    agent.destroy();
  }
}

test('whoever waits for a call’s end, on a connection that is kept, holds nobody up', async () => {
  await using server = await TestServer.open();
  await using stream = await server.carrier.call('CA1');
  await stream.hears(200);
  const asked = Promise.withResolvers<void>();
  const polling = poll(`${server.base}/calls/call-CA1/result?wait=60`, asked.resolve);
  await asked.promise;
  await server.ask('/calls/call-CA1');
  await server[Symbol.asyncDispose]();
  expect((await polling)[0]).toBe(202);
});
