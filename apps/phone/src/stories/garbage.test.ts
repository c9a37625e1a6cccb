import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { newSid } from '../carrier/signature.ts';
import { Attacker, closeAfter } from './attacker.ts';
import { failures, picture } from './call-words.ts';
import { StoryServer } from './story-server.ts';

const CALL = `scenario: A caller who knows nothing of all that
steps:
  - answer: When are you open on Saturday?
  - answer: How much is a cleaning?
  - answer: Can I leave a message?
  - answer: My name is Thomas Wilson.
  - answer: Yes, that's right.
  - wait: {for: agent-ends}
  - hangUp
expect:
  agentSays: [saturday, cleaning, Thomas Wilson, number]
  turns: 11
  agentInterruptions: 0
  outcome: caller-hung-up`;

const ENDPOINTS = [
  '/twilio/voice',
  '/twilio/continue',
  '/twilio/stream-status',
  '/twilio/media',
  '/health',
  '/health/live',
  '/health/ready',
  '/calls/CA0/transcript',
  '/calls/CA0/events',
  '/',
  '/%00',
  '/../../etc/passwd',
  `/${'a'.repeat(8_000)}`,
];
const NOISE = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 7_919) % 256);
const BODIES: readonly (readonly [type: string, body: string | Uint8Array<ArrayBuffer>])[] = [
  ['application/json', '{"CallSid": "CA1", "From'],
  ['application/json', `${'['.repeat(50_000)}`],
  ['application/x-www-form-urlencoded', NOISE],
  ['application/x-www-form-urlencoded', '%%%=%zz&CallSid[]=1&__proto__=1&constructor=2'],
  ['application/x-www-form-urlencoded', 'a=1&'.repeat(500_000)],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'],
  ['text/xml', '<Response><Hangup/></Response>'],
  ['\u00ff/\u00fe', NOISE],
];

let server: StoryServer;
let attacker: Attacker;
beforeAll(async () => {
  server = await StoryServer.open({ engines: 'small' });
  attacker = new Attacker(server.base, server.authToken);
});
afterAll(() => server[Symbol.asyncDispose]());

test('garbage of every kind to every endpoint and socket is refused, and the call in progress goes on to its end', {
  timeout: 180_000,
}, async () => {
  const inCall = Promise.withResolvers<void>();
  const call = server.ring(CALL, ({ type }) => {
    if (type === 'agent-sound-started') inCall.resolve();
  });
  await Promise.race([inCall.promise, call]);
  const slow = slowBodies();
  await webhooks();
  await bytesThatAreNoHttp();
  await upgrades();
  await mediaMessages();
  expect(await server.ready()).toBe(true);
  await slow;
  const ended = await call;
  expect(failures(ended), picture(ended)).toEqual([]);
  expect(await server.ready()).toBe(true);
});

/** No body gets in by any method; what needs no signature answers as ever. */
async function webhooks(): Promise<void> {
  for (const path of ENDPOINTS) {
    const open = /^\/(health.*)?$/.test(path);
    for (const method of ['GET', 'HEAD']) {
      const status = await attacker.send(path, { method });
      expect(status, `${method} ${path}`).toSatisfy(open ? isAnswer : isRefusal);
    }
    for (const [type, body] of BODIES) {
      const headers = { 'Content-Type': type, 'X-Twilio-Signature': 'AAAA' };
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const status = await attacker.send(path, { method, headers, body });
        expect(status, `${method} ${path} ${type}`).toSatisfy(isRefusal);
      }
    }
  }
}

function isAnswer(status: number | 'cut off'): boolean {
  return status === 200;
}

function isRefusal(status: number | 'cut off'): boolean {
  return status === 'cut off' || (status >= 400 && status < 500);
}

async function bytesThatAreNoHttp(): Promise<void> {
  expect(await attacker.write(NOISE)).toMatch(/^(HTTP\/1\.1 400|$)/);
  expect(
    await attacker.write('POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'),
  ).toMatch(/^HTTP\/1\.1 400/);
  expect(await attacker.write(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 4/,
  );
}

/** Bodies that never come to their end are not waited for. */
async function slowBodies(): Promise<void> {
  const head = 'POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const answers = await Promise.all([
    attacker.write(`${head}Content-Length: 1000\r\n\r\n{"CallSid"`),
    attacker.write(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"Cal`),
    attacker.write(head),
  ]);
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 4/);
}

async function upgrades(): Promise<void> {
  const { url } = await announced(newSid('CA'));
  const elsewhere = url.replace('/twilio/media', '/twilio/voice');
  const signature = attacker.signature(url);
  const wrong: readonly [string, Record<string, string>, number][] = [
    [url, {}, 403],
    [url, { 'X-Twilio-Signature': '' }, 403],
    [url, { 'X-Twilio-Signature': `${signature}=` }, 403],
    [url, { 'X-Twilio-Signature': attacker.signature(elsewhere) }, 403],
    [url, { 'X-Twilio-Signature': attacker.signature(url, { CallSid: 'CA1' }) }, 403],
    [elsewhere, { 'X-Twilio-Signature': attacker.signature(elsewhere) }, 404],
  ];
  for (const [address, headers, status] of wrong)
    expect(await attacker.upgrade(address, headers)).toEqual({ status });
}

/** A stream of our own in the same server gets all that is wrong, and hears its greeting none the less. */
async function mediaMessages(): Promise<void> {
  const callSid = newSid('CA');
  const { url, parameters } = await announced(callSid);
  const start = startOf(callSid, parameters);
  const rubbish = ['', '{', 'null', '[]', '{"event":"media"}', NOISE, '\u0000', '{"event":1}'];
  expect(await closeAfter(await attacker.media(url), rubbish)).toBe(1008);
  expect(await closeAfter(await attacker.media(url), ['x'.repeat(2_000_000)])).toBe(1009);
  const stranger = startOf(newSid('CA'), parameters);
  expect(await closeAfter(await attacker.media(url), [stranger])).toBe(1008);
  // The stranger has used up the pass: the carrier's own stream needs another one.
  expect(await closeAfter(await attacker.media(url), [start])).toBe(1008);
  const again = await announced(callSid);
  const admitted = startOf(callSid, again.parameters);
  const socket = await attacker.media(url);
  socket.send(admitted);
  for (const message of [...rubbish, admitted, ...wrongMedia(callSid)]) socket.send(message);
  await agentHeard(socket);
  expect(await closeAfter(await attacker.media(url), [admitted])).toBe(1008);
  socket.send(JSON.stringify({ event: 'stop', streamSid: callSid, stop: {} }));
  socket.close();
  await once(socket, 'close');
}

function wrongMedia(streamSid: string): readonly string[] {
  const media = (fields: object, sid = streamSid) =>
    JSON.stringify({ event: 'media', streamSid: sid, media: fields });
  return [
    media({ track: 'inbound', chunk: '1', timestamp: '0', payload: '////' }, 'MZsomebodyelse'),
    media({ track: 'inbound', chunk: '-1', timestamp: 'NaN', payload: '!!not base64!!' }),
    media({ track: 'outbound', chunk: '1', timestamp: '5', payload: 'AAAA' }),
    media({
      track: 'inbound',
      chunk: '9'.repeat(400),
      timestamp: '1e99',
      payload: 'A'.repeat(500_000),
    }),
    JSON.stringify({ event: 'mark', streamSid, mark: { name: 'never sent' } }),
    JSON.stringify({ event: 'dtmf', streamSid, dtmf: { digit: 'Q'.repeat(10_000) } }),
    JSON.stringify({ event: 'stop', streamSid: 'MZsomebodyelse', stop: {} }),
  ];
}

/** The TwiML of a call that rings: where its stream is to go, with its pass. */
async function announced(callSid: string) {
  const twiml = await attacker.signed('/twilio/voice', { CallSid: callSid, From: '+15550123' });
  const found = twiml.matchAll(/<Parameter name="([^"]+)" value="([^"]+)"\/>/g);
  const url = /<Stream url="([^"]+)"/.exec(twiml)?.[1] ?? '';
  return {
    url,
    parameters: Object.fromEntries([...found].map(([, name, value]) => [name, value])),
  };
}

function startOf(callSid: string, customParameters: object): string {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
  const start = { streamSid: callSid, accountSid: 'AC1', callSid, mediaFormat, customParameters };
  return JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid: callSid, start });
}

async function agentHeard(socket: WebSocket): Promise<void> {
  for (;;) {
    const [data] = await once(socket, 'message');
    if (String(data).includes('"event":"media"')) return;
  }
}
