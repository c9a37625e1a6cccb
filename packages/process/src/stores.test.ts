import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { postgresOf, redisOf, STORE_VARIABLES, temporalAt } from './stores.ts';

const schema = z.object(STORE_VARIABLES);
const read = (env: Record<string, string>) => schema.parse(env);

describe('the database', () => {
  const pool = { poolSize: 20, maxOverflow: 10, poolTimeoutMs: 30_000 };

  test('is the server’s own in ./data, or one elsewhere', () => {
    expect(postgresOf(read({}))).toEqual({
      type: 'embedded',
      folder: resolve('data/postgres'),
      ...pool,
    });
    const url = 'postgresql://me:secret@db.example:6543/postgres';
    const poolEnv = { DB_POOL_SIZE: '5', DB_MAX_OVERFLOW: '0', DB_POOL_TIMEOUT: '3' };
    expect(postgresOf(read({ DATABASE_URL: url, ...poolEnv }))).toEqual({
      ...{ type: 'server', url, caFile: null },
      ...{ poolSize: 5, maxOverflow: 0, poolTimeoutMs: 3_000 },
    });
  });

  test('may have a certificate authority of its own', () => {
    const env = { DATABASE_URL: 'postgres://db.example/postgres', DATABASE_CA_FILE: 'ca.pem' };
    expect(postgresOf(read(env))).toMatchObject({ caFile: resolve('ca.pem') });
  });
});

describe('Redis', () => {
  test('is none, or named by one URL', () => {
    expect(redisOf(read({}))).toBeNull();
    expect(redisOf(read({ REDIS_URL: 'redis://r:1/2' }))).toEqual({
      url: 'redis://r:1/2',
      sessionTtlMs: 7_200_000,
    });
  });

  test.each([
    [{ REDIS_HOST: 'r' }, 'redis://r:6379/0'],
    [{ REDIS_HOST: '::1', REDIS_PORT: '2' }, 'redis://[::1]:2/0'],
    [{ REDIS_HOST: 'r', REDIS_DB: '3', REDIS_PASSWORD: 'a/b:c' }, 'redis://:a%2Fb%3Ac@r:6379/3'],
  ])('is named by its parts: %j', (env, url) => {
    expect(redisOf(read({ ...env, REDIS_SESSION_TTL: '14400' }))).toEqual({
      url,
      sessionTtlMs: 14_400_000,
    });
  });
});

test('Temporal Cloud’s key turns TLS on', () => {
  expect(temporalAt('t', read({}))).toEqual({
    address: 't:7233',
    namespace: 'default',
    tls: false,
    apiKey: null,
    taskQueue: 'voice-ai-task-queue',
    payloadKeys: [],
  });
  const env = { TEMPORAL_API_KEY: 'k', TEMPORAL_PAYLOAD_KEYS: 'a, b' };
  expect(temporalAt('t', read(env))).toMatchObject({
    tls: true,
    apiKey: 'k',
    payloadKeys: ['a', 'b'],
  });
});

test.each([
  ['DATABASE_URL', 'mysql://x'],
  ['REDIS_URL', 'http://x'],
  ['REDIS_HOST', 'a b'],
  ['TEMPORAL_PORT', '70000'],
])('a wrong %s is refused', (name, value) => {
  expect(schema.safeParse({ [name]: value }).error?.issues).toMatchObject([
    { path: [name], message: expect.stringMatching(/^must be /) },
  ]);
});
