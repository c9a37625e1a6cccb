import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { newSid } from '../carrier/signature.ts';
import { type Attacker, closeAfter } from './attacker.ts';

const ENDPOINTS = [
  '/twilio/voice',
  '/twilio/continue/call-1',
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

/** Sends garbage of every kind to every endpoint and socket; throws where it is not refused. */
export async function sendGarbage(attacker: Attacker): Promise<void> {
  await Promise.all([slowBodies(attacker), oneByOne(attacker)]);
}

async function oneByOne(attacker: Attacker): Promise<void> {
  await webhooks(attacker);
  await bytesThatAreNoHttp(attacker);
  await upgrades(attacker);
  await mediaMessages(attacker);
}

/** No body gets in by any method; what needs no signature answers as ever. */
async function webhooks(attacker: Attacker): Promise<void> {
  for (const path of ENDPOINTS) {
    const open = /^\/(health.*)?$/.test(path);
    for (const method of ['GET', 'HEAD']) {
      const status = await attacker.send(path, { method });
      assert.ok(open ? status === 200 : isRefusal(status), `${method} ${path}`);
    }
    for (const [type, body] of BODIES) {
      const headers = { 'Content-Type': type, 'X-Twilio-Signature': 'AAAA' };
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const status = await attacker.send(path, { method, headers, body });
        assert.ok(isRefusal(status), `${method} ${path} ${type}`);
      }
    }
  }
}

function isRefusal(status: number | 'cut off'): boolean {
  return status === 'cut off' || (status >= 400 && status < 500);
}

async function bytesThatAreNoHttp(attacker: Attacker): Promise<void> {
  assert.match(await attacker.write(NOISE), /^(HTTP\/1\.1 400|$)/);
  assert.match(
    await attacker.write('POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'),
    /^HTTP\/1\.1 400/,
  );
  assert.match(
    await attacker.write(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`),
    /^HTTP\/1\.1 4/,
  );
}

/** Bodies that never come to their end are not waited for. */
async function slowBodies(attacker: Attacker): Promise<void> {
  const head = 'POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const answers = await Promise.all([
    attacker.write(`${head}Content-Length: 1000\r\n\r\n{"CallSid"`),
    attacker.write(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"Cal`),
    attacker.write(head),
  ]);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 4/);
}

async function upgrades(attacker: Attacker): Promise<void> {
  const { url } = await announced(attacker, newSid('CA'));
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
    assert.deepEqual(await attacker.upgrade(address, headers), { status });
}

/** A stream of our own in the same server gets all that is wrong, and hears its greeting none the less. */
async function mediaMessages(attacker: Attacker): Promise<void> {
  const callSid = newSid('CA');
  const { url, parameters } = await announced(attacker, callSid);
  const start = startOf(callSid, parameters);
  const rubbish = ['', '{', 'null', '[]', '{"event":"media"}', NOISE, '\u0000', '{"event":1}'];
  assert.equal(await closeAfter(await attacker.media(url), rubbish), 1008);
  assert.equal(await closeAfter(await attacker.media(url), ['x'.repeat(2_000_000)]), 1009);
  const stranger = startOf(newSid('CA'), parameters);
  assert.equal(await closeAfter(await attacker.media(url), [stranger]), 1008);
  // The stranger has used up the pass: the carrier's own stream needs another one.
  assert.equal(await closeAfter(await attacker.media(url), [start]), 1008);
  const again = await announced(attacker, callSid);
  const admitted = startOf(callSid, again.parameters);
  const socket = await attacker.media(url);
  socket.send(admitted);
  for (const message of [...rubbish, admitted, ...wrongMedia(callSid)]) socket.send(message);
  await agentHeard(socket);
  assert.equal(await closeAfter(await attacker.media(url), [admitted]), 1008);
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
async function announced(attacker: Attacker, callSid: string) {
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
