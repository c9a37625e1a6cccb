import { expect, test } from 'vitest';
import { isLocal } from './loopback.ts';

const request = (remoteAddress: string | undefined, headers: Record<string, string>) => {
  const socket = { remoteAddress };
  return { socket, headers } as unknown as Parameters<typeof isLocal>[0];
};

test.each([
  ['127.0.0.1', { host: 'localhost:8000' }],
  ['::1', { host: '[::1]:8000' }],
  ['::ffff:127.0.0.1', { host: '127.0.0.1:8000', origin: 'http://localhost:3000' }],
])('a request from %s to %o is local', (address, headers) => {
  expect(isLocal(request(address, headers))).toBe(true);
});

test.each([
  ['192.0.2.7', { host: 'localhost:8000' }],
  [undefined, { host: 'localhost' }],
  ['127.0.0.1', { host: 'evil.example' }],
  ['127.0.0.1', { host: 'localhost.evil.example' }],
  ['127.0.0.1', { host: '127.0.0.1.nip.io' }],
  ['127.0.0.1', {}],
  ['127.0.0.1', { host: 'localhost', origin: 'https://evil.example' }],
  ['127.0.0.1', { host: 'localhost', origin: 'null' }],
  ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.7' }],
  ['127.0.0.1', { host: 'localhost', forwarded: 'for=192.0.2.7' }],
])('a request from %s with %o is not', (address, headers) => {
  expect(isLocal(request(address, headers as Record<string, string>))).toBe(false);
});
