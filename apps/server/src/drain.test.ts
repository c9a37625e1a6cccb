import { expect, test } from 'vitest';
import { TestServer } from './api/test-server.fake.ts';
import { readStream } from './carrier.fake.ts';
import { PendingCalls, type PendingCallsParts } from './pending-calls.ts';

test('whoever watches the only call hears of its end before the server closes', async () => {
  await using server = await TestServer.open();
  const { id, sid } = await server.order();
  await server.status(id, sid, 'in-progress', 2);
  await using stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
  await stream.hears(200);
  const watched = (await fetch(`${server.base}/calls/${id}/events`)).text();
  const stopped = server.drain().then(() => server[Symbol.asyncDispose]());
  stream.press('9');
  await stream.closed;
  await server.status(id, sid, 'completed', 3);
  await stopped;
  const last = (await watched).trim().split('\n\n').at(-1);
  expect(last).toMatch(/"phase":"ended".*"outcome":\{"blame":"nobody"/);
});

test('a call that was ringing and is answered then has its grace too', async () => {
  await using server = await TestServer.open();
  const { id, sid } = await server.order();
  await server.status(id, sid, 'ringing', 1);
  let isDrained = false;
  const drained = server.drain().then(() => {
    isDrained = true;
  });
  await server.status(id, sid, 'in-progress', 2);
  await using stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
  expect((await server.ask(`/calls/${id}/result?wait=1`)).status).toBe(202);
  expect(isDrained).toBe(false);
  stream.press('9');
  await stream.closed;
  await server.status(id, sid, 'completed', 3);
  await drained;
});

test('an end that is decided is kept before the server closes', async () => {
  const asked = Promise.withResolvers<void>();
  const keeping = Promise.withResolvers<unknown>();
  const outcome = () => {
    asked.resolve();
    return keeping.promise;
  };
  const pending = new PendingCalls({
    plans: { all: () => [{ id: 'a' }] },
    lifecycle: { state: async () => ({ phase: 'ended' }), outcome },
  } as unknown as PendingCallsParts);
  let isKept = false;
  const kept = pending.kept().then(() => {
    isKept = true;
  });
  await asked.promise;
  expect(isKept).toBe(false);
  keeping.resolve(null);
  await kept;
});
