import { type ApiKey, CallError, MemoryApiKeyStore, type Scope } from '@earshot/calls';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerError } from '../http-error.ts';
import { Access } from './access.ts';
import { hashOf, newSecret } from './secret.ts';

let keys: MemoryApiKeyStore;
let app: FastifyInstance;

beforeEach(() => {
  keys = new MemoryApiKeyStore();
});

afterEach(() => app.close());

function open({ inDevelopment = true, requestsPerMinute = 600 } = {}): void {
  const log = pino({ level: 'silent' });
  const access = new Access({ keys, inDevelopment, requestsPerMinute, log });
  app = Fastify();
  app.setErrorHandler(answerError);
  app.get('/read', { onRequest: access.needs('calls:read') }, async (request) => ({
    id: access.principalOf(request).id,
  }));
  app.get('/write', { onRequest: access.needs('calls:write') }, async () => ({}));
}

async function makeKey(id: string, ...scopes: Scope[]): Promise<string> {
  const secret = newSecret();
  const key: ApiKey = {
    ...{ id, name: id, scopes, createdAtMs: 0 },
    ...{ revokedAtMs: null, lastUsedAtMs: null },
  };
  await keys.add(key, hashOf(secret) ?? '');
  return secret;
}

async function get(
  path: string,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
) {
  const response = await app.inject({ url: path, headers, remoteAddress });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

test('without any key, in development, this machine is let in', async () => {
  open();
  expect(await get('/read')).toMatchObject({ status: 200, body: { id: 'local' } });
});

test.each([
  ['from another machine', {}, '192.0.2.1'],
  ['by a foreign name', { host: 'evil.example' }, '127.0.0.1'],
  ['from a foreign page', { origin: 'https://evil.example' }, '127.0.0.1'],
  ['through a tunnel', { 'x-forwarded-for': '192.0.2.1' }, '127.0.0.1'],
])('nobody is without a key %s', async (_, headers, address) => {
  open();
  expect(await get('/read', headers, address)).toMatchObject({
    status: 401,
    body: { code: 'unauthorized', detail: expect.any(String) },
    headers: { 'www-authenticate': 'Bearer' },
  });
});

test('nobody is without a key outside development, or once there is one', async () => {
  open({ inDevelopment: false });
  expect((await get('/read')).status).toBe(401);
  await app.close();
  await makeKey('first', 'admin');
  open();
  expect((await get('/read')).status).toBe(401);
});

test('a key does what its scopes allow, in either header', async () => {
  open({ inDevelopment: false });
  const secret = await makeKey('reader', 'calls:read');
  expect(await get('/read', bearer(secret))).toMatchObject({ status: 200, body: { id: 'reader' } });
  expect((await get('/read', { 'x-api-key': secret })).status).toBe(200);
  expect(await get('/write', bearer(secret))).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
  const chief = await makeKey('chief', 'admin');
  expect((await get('/write', bearer(chief))).status).toBe(200);
});

test('a wrong key opens nothing, also where none would be needed', async () => {
  open();
  const secret = newSecret();
  for (const headers of [
    bearer(secret),
    bearer(''),
    { authorization: secret },
    { authorization: `Basic ${secret}` },
    { 'x-api-key': '' },
    { 'x-api-key': 'ek_' },
    { 'x-api-key': `${secret}, ${secret}` },
  ])
    expect((await get('/read', headers)).status).toBe(401);
});

test('a revoked key opens nothing any more', async () => {
  open();
  const secret = await makeKey('old', 'calls:read');
  await keys.revoke('old', 1);
  expect((await get('/read', bearer(secret))).status).toBe(401);
});

test('its use is noted', async () => {
  open();
  const secret = await makeKey('used', 'calls:read');
  await get('/read', bearer(secret));
  expect((await keys.list())[0]?.lastUsedAtMs).toEqual(expect.any(Number));
});

test('each key may ask so often', async () => {
  open({ requestsPerMinute: 3 });
  const [one, other] = [await makeKey('one', 'admin'), await makeKey('other', 'admin')];
  for (let i = 0; i < 3; i += 1) expect((await get('/read', bearer(one))).status).toBe(200);
  expect(await get('/read', bearer(one))).toMatchObject({
    status: 429,
    body: { code: 'too-many-requests' },
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
  expect((await get('/read', bearer(other))).status).toBe(200);
});

test('whoever tries keys is stopped, and does not stop those who have one', async () => {
  open();
  const secret = await makeKey('mine', 'calls:read');
  expect((await get('/read', bearer(secret))).status).toBe(200);
  for (let i = 0; i < 30; i += 1)
    expect((await get('/read', bearer(newSecret()))).status).toBe(401);
  const asked = vi.spyOn(keys, 'findByHash');
  expect((await get('/read', bearer(newSecret()))).status).toBe(429);
  expect(asked).not.toHaveBeenCalled();
  expect((await get('/read', bearer(newSecret()), '192.0.2.9')).status).toBe(401);
  expect((await get('/read', bearer(secret))).status).toBe(200);
});

test('who has no key keeps nobody with one out, not even from the same address', async () => {
  open();
  const secret = await makeKey('mine', 'calls:read');
  for (let i = 0; i < 60; i += 1) expect((await get('/read')).status).toBe(401);
  expect((await get('/read', bearer(secret))).status).toBe(200);
});

test('a store that is away is told as such', async () => {
  open({ inDevelopment: false });
  keys.findByHash = async () => {
    throw new CallError('store-unavailable', 'The database is away');
  };
  expect(await get('/read', bearer(newSecret()))).toMatchObject({
    status: 503,
    body: { code: 'store-unavailable' },
  });
});
