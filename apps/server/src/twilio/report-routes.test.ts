import { sign } from '@earshot/twilio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer } from '../api/test-server.fake.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.open();
});

afterAll(() => server[Symbol.asyncDispose]());

const PATHS = [
  '/twilio/status',
  '/twilio/status/call-1',
  '/twilio/amd',
  '/twilio/amd/call-1',
  '/twilio/recording',
  '/twilio/recording/call-1',
  '/twilio/voice-fallback',
  '/twilio/continue/call-1',
  '/twilio/twiml/call-1',
];

test.each(PATHS)('%s is for the carrier alone, and wants a call', async (path) => {
  const url = server.base + path;
  const post = (headers: Record<string, string>) =>
    fetch(url, { method: 'POST', headers, body: new URLSearchParams({ CallSid: 'CA1' }) });
  expect((await post({})).status).toBe(403);
  const wrong = sign('another token', url, { CallSid: 'CA1' });
  expect((await post({ 'X-Twilio-Signature': wrong })).status).toBe(403);
  expect((await server.carrier.post(path, { CallSid: 'CA1' })).status).toBe(200);
  expect((await server.carrier.post(path, { CallSid: '<x>' })).status).toBe(400);
});

describe('what the carrier tells', () => {
  const result = async (id: string) => (await server.ask(`/calls/${id}/result`)).body;

  test('finds its call by the carrier’s id, too', async () => {
    const { id, sid } = await server.order();
    const form = { CallSid: sid, CallStatus: 'no-answer', SequenceNumber: '2' };
    expect((await server.carrier.post('/twilio/status', form)).status).toBe(200);
    expect(await result(id)).toMatchObject({ status: 'no_answer', call_sid: sid });
  });

  test('may come twice and in any order', async () => {
    const { id, sid } = await server.order();
    for (const [status, sequence] of [
      ['busy', 2],
      ['ringing', 1],
      ['busy', 2],
      ['initiated', 0],
    ] as const)
      await server.status(id, sid, status, sequence);
    expect(await result(id)).toMatchObject({ status: 'busy' });
  });

  test('happened when the carrier says, if it comes late', async () => {
    const { id, sid } = await server.order();
    const Timestamp = new Date(Date.now() - 3_600_000).toUTCString();
    const form = { CallSid: sid, CallStatus: 'ringing', SequenceNumber: '1', Timestamp };
    await server.carrier.post(`/twilio/status/${id}`, form);
    await server.status(id, sid, 'busy', 2);
    const { ringing_at } = await result(id);
    expect(Date.parse(String(ringing_at))).toBe(Date.parse(Timestamp));
  });

  test.each([
    { CallStatus: 'SECRET', SequenceNumber: '1' },
    { CallStatus: 'busy', SequenceNumber: 'x', Timestamp: 'x' },
    { CallStatus: '' },
    { AnsweredBy: 'SECRET' },
    { x: 'y' },
  ])('is taken whatever it says: %o', async (form) => {
    for (const path of ['/twilio/status/call-unknown', '/twilio/amd/call-unknown'])
      expect(await server.carrier.post(path, { CallSid: 'CA9', ...form })).toEqual({
        status: 200,
        text: '{"status":"ok"}',
      });
    expect(server.log).not.toContain('SECRET');
  });

  test('of an id that is none is not found', async () => {
    expect((await server.carrier.post('/twilio/status/a%20b', { CallSid: 'CA1' })).status).toBe(
      404,
    );
  });
});

test('a fallback is taken like the call that it stands for', async () => {
  const form = { CallSid: 'CA77', From: '+12025550123', To: '+12025550100' };
  const first = await server.carrier.post('/twilio/voice', form);
  const again = await server.carrier.post('/twilio/voice-fallback', {
    ...form,
    ErrorCode: '11200',
  });
  expect(again.text).toContain('<Stream ');
  const idIn = (text: string) => /name="call" value="([^"]+)"/.exec(text)?.[1];
  expect(idIn(again.text)).toBe(idIn(first.text));
  const { body } = await server.ask('/calls?direction=inbound&phone_number=%2B12025550123');
  expect(body.calls).toHaveLength(1);
});

test('an answered call may fetch its TwiML', async () => {
  const { id, sid } = await server.order();
  const { text } = await server.carrier.post(`/twilio/twiml/${id}`, { CallSid: sid });
  expect(text).toContain(`<Parameter name="call" value="${id}"/>`);
  // Whichever instance is asked afterwards is told our id, and needs no record to find it by.
  expect(text).toContain(`action="${server.base}/twilio/continue/${id}"`);
});
