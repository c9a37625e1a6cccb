import { expect, test } from 'vitest';
import { checkStreamUrl, judgeClose, sendBounded } from './media-socket.ts';

test.each([
  ['wss://example.org/media', 'wss://example.org/media', []],
  ['ws://localhost:8000/media', 'ws://localhost:8000/media', ['loopback-ws']],
  ['ws://[::1]:8000/media', 'ws://[::1]:8000/media', ['loopback-ws']],
  ['wss://example.org/media?a=1', 'wss://example.org/media', ['query-string']],
  ['ws://127.0.0.1.example.org/media', null, ['31922']],
  ['https://example.org/media', null, ['31922']],
  ['', null, ['31923']],
])('of the stream address "%s" remains %s', (address, expected, codes) => {
  const found: string[] = [];
  expect(checkStreamUrl(address, (code) => found.push(code))).toBe(expected);
  expect(found).toEqual(codes);
});

test('a server that does not read loses audio, and nothing else', () => {
  const sent: string[] = [];
  const socket = { readyState: 1, bufferedAmount: 1e6, send: (text: string) => sent.push(text) };
  expect(sendBounded(socket, '{"event":"media"}')).toBe(false);
  expect(sendBounded(socket, '{"event":"stop"}')).toBe(true);
  expect(sendBounded({ ...socket, bufferedAmount: 0 }, '{"event":"media"}')).toBe(true);
  expect(sent).toEqual(['{"event":"stop"}', '{"event":"media"}']);
});

test('a closed socket takes nothing and complains of nothing', () => {
  const socket = { readyState: 3, bufferedAmount: 0, send: () => expect.unreachable() };
  expect(sendBounded(socket, '{"event":"media"}')).toBe(true);
});

test('only 1000 and no code at all are clean closes', () => {
  expect(judgeClose(1000, null)).toBe(null);
  expect(judgeClose(1005, null)).toBe(null);
  expect(judgeClose(1006, null)?.code).toBe('31903');
  expect(judgeClose(1008, null)?.code).toBe('31921');
  expect(judgeClose(1006, new Error('FIN must be set'))?.code).toBe('31924');
});
