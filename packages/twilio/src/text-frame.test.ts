import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame.ts';

test('messages of all lengths are read by a WebSocket client as they are', async () => {
  const texts = [0, 1, 125, 126, 127, 128, 255, 256, 640, 32_768, 65_535].map((n) => 'x'.repeat(n));
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (_, { socket }) => {
    socket.write(texts.map(textFrame).join(''), 'latin1');
  });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  client.on('message', (data, isBinary) => {
    received.push(`${isBinary}${data}`);
    if (received.length === texts.length) resolve();
  });
  await all;
  client.terminate();
  server.close();
  expect(received).toEqual(texts.map((text) => `false${text}`));
});
