import { expect, test } from 'vitest';
import { addressOptions } from './redis-address.ts';

test.each([
  ['redis://r', { host: 'r', port: 6379, db: 0 }],
  ['redis://r/', { host: 'r', port: 6379, db: 0 }],
  ['redis://r:7000/3', { host: 'r', port: 7000, db: 3 }],
  ['redis://[::1]:7000', { host: '::1', port: 7000, db: 0 }],
  ['redis://:p%40ss%2F@r', { host: 'r', port: 6379, db: 0, password: 'p@ss/' }],
  ['redis://me:p@r', { host: 'r', port: 6379, db: 0, username: 'me', password: 'p' }],
  ['rediss://r', { host: 'r', port: 6379, db: 0, tls: { servername: 'r' } }],
])('%s', (url, options) => {
  expect(addressOptions({ url: new URL(url) })).toEqual(options);
});

test('its parts stand for themselves', () => {
  expect(addressOptions({ host: 'r' })).toEqual({ host: 'r', port: 6379, db: 0 });
  expect(
    addressOptions({ host: 'r', port: 1, db: 2, username: 'u', password: 'p', tls: true }, 'PEM'),
  ).toEqual({
    host: 'r',
    port: 1,
    db: 2,
    username: 'u',
    password: 'p',
    tls: { servername: 'r', ca: 'PEM' },
  });
});

test.each([
  'http://secret@r',
  'redis://:secret@r/x',
  'redis://:secret@r/-1',
  'redis://:secret@r/1/2',
])('%s is no address, and no error repeats it', (url) => {
  expect(() => addressOptions({ url: new URL(url) })).toThrow(TypeError);
  expect(() => addressOptions({ url: new URL(url) })).not.toThrow('secret');
});

test.each([{ host: '' }, { host: 'r', db: -1 }, { host: 'r', db: 1.5 }])('%j is none', (parts) => {
  expect(() => addressOptions(parts)).toThrow(TypeError);
});
