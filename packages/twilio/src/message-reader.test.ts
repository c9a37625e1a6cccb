import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { readMessages } from './message-reader.ts';

const TEXT = 0x1;
const BINARY = 0x2;
const CONTINUATION = 0x0;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const FINAL = 0x80;
const MASK = Buffer.from([0x9d, 0x00, 0x41, 0xff]);

/** A client's frame (RFC 6455 §5.2). */
function frame(opcode: number, payload: Buffer | string, { isFinal = true, isMasked = true } = {}) {
  const bytes = Buffer.from(payload);
  const { length } = bytes;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  size[0] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (size.length === 3) size.writeUInt16BE(length, 1);
  if (size.length === 9) size.writeBigUInt64BE(BigInt(length), 1);
  const body = isMasked ? bytes.map((byte, i) => byte ^ (MASK[i & 3] ?? 0)) : bytes;
  const mask = isMasked ? MASK : Buffer.alloc(0);
  return Buffer.concat([Buffer.from([opcode | (isFinal ? FINAL : 0)]), size, mask, body]);
}

/** What a server hears of these chunks, and how it ends; with our reader or without. */
async function heard(chunks: readonly Buffer[], isOurs: boolean): Promise<string[]> {
  const told: string[] = [];
  const [near, far] = duplexPair();
  const server = new WebSocketServer({ noServer: true, maxPayload: 100_000 });
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/' });
  Object.assign(request.headers, {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'sec-websocket-version': '13',
  });
  const closed = Promise.withResolvers<void>();
  server.handleUpgrade(request, near, Buffer.alloc(0), (socket) => {
    if (isOurs) readMessages(socket, near);
    socket.on('message', (data: Buffer, isBinary) => {
      told.push(`${isBinary ? 'binary' : 'text'} ${data.toString('base64')}`);
    });
    socket.on('ping', (data) => told.push(`ping ${data.toString('base64')}`));
    socket.on('pong', (data) => told.push(`pong ${data.toString('base64')}`));
    socket.on('error', (error) => told.push(`error ${'code' in error ? error.code : ''}`));
    socket.on('close', (code) => {
      told.push(`close ${code}`);
      closed.resolve();
    });
  });
  far.resume();
  // ws unmasks in place.
  for (const chunk of chunks) far.write(Buffer.from(chunk));
  far.end();
  await once(far, 'end');
  await closed.promise;
  return told;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((all) => Buffer.from(all));
const odd = fc.oneof(
  bytes(300).map((payload) => frame(TEXT, payload)),
  bytes(300).map((payload) => frame(BINARY, payload)),
  fc.constant(frame(TEXT, 'x'.repeat(70_000))),
  fc.constant(frame(TEXT, 'x'.repeat(120_000))),
  fc.constant(frame(TEXT, 'bare', { isMasked: false })),
  fc.constant(frame(CONTINUATION, 'of nothing')),
  fc.constant(frame(PING, 'x'.repeat(126))),
  fc.constant(frame(PING, 'in parts', { isFinal: false })),
  fc.constant(frame(CLOSE, Buffer.from([0x03, 0xe8]))),
  fc.constant(
    Buffer.concat([frame(TEXT, 'half ', { isFinal: false }), frame(CONTINUATION, 'whole')]),
  ),
  bytes(40),
);
const usual = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => frame(TEXT, text)),
  fc.constant(frame(TEXT, '')),
  fc.constant(frame(TEXT, `{"event":"media","media":{"payload":"${'f/7+'.repeat(54)}"}}`)),
  bytes(125).map((payload) => frame(PING, payload)),
  bytes(125).map((payload) => frame(PONG, payload)),
);
const stream = fc.tuple(
  fc.array(fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd }), {
    maxLength: 12,
  }),
  fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 20 }),
);

test('whatever comes, in whatever chunks, is heard as by ws', async () => {
  await fc.assert(
    fc.asyncProperty(stream, async ([frames, lengths]) => {
      const chunks = cut(Buffer.concat(frames), lengths);
      expect(await heard(chunks, true)).toEqual(await heard(chunks, false));
    }),
    { numRuns: 300 },
  );
});

test('a byte at a time is enough', async () => {
  const all = Buffer.concat([frame(TEXT, 'one'), frame(PING, 'two'), frame(TEXT, 'x'.repeat(400))]);
  const chunks = [...all].map((byte) => Buffer.from([byte]));
  const told = await heard(chunks, true);
  expect(told).toEqual(await heard([all], false));
  expect(told).toHaveLength(4);
});

function cut(whole: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at < whole.length) chunks.push(whole.subarray(at, at + length));
    at += length;
  }
  if (at < whole.length) chunks.push(whole.subarray(at));
  return chunks;
}
