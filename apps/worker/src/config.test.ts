import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const least = {
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'x'.repeat(32),
  BASE_URL: 'https://calls.example.com/',
};

describe('the environment', () => {
  test('needs Twilio and the server, and nothing else in development', () => {
    const config = loadConfig(least);
    expect(config.twilio).toMatchObject({
      publicUrl: 'https://calls.example.com',
      mediaUrl: new URL('wss://calls.example.com/twilio/media'),
      apiBaseUrl: null,
    });
    expect(config).toMatchObject({
      temporal: { address: '127.0.0.1:7233', taskQueue: 'voice-ai-task-queue', tls: false },
      maxActivities: 100,
      maxWorkflows: 1_000,
      callsPerSecond: 1,
      deployment: null,
      redis: null,
      host: '127.0.0.1',
    });
  });

  test('means by the server’s variables what the server does', () => {
    const env = {
      ...{ ...least, DATABASE_URL: 'postgres://db.example/postgres', DATABASE_CA_FILE: 'ca.pem' },
      ...{ REDIS_HOST: 'r', REDIS_PASSWORD: 'a/b', WEBHOOK_URL: 'https://hooks.example/calls/' },
    };
    expect(loadConfig(env)).toMatchObject({
      database: { type: 'server', url: env.DATABASE_URL, caFile: resolve('ca.pem') },
      redis: { url: 'redis://:a%2Fb@r:6379/0' },
      webhookUrl: env.WEBHOOK_URL,
    });
  });

  test('names a build that new calls go to', () => {
    const build = { WORKER_BUILD_ID: 'r7', WORKER_MAKE_CURRENT: 'true' };
    expect(loadConfig({ ...least, ...build }).deployment).toEqual({
      name: 'earshot',
      buildId: 'r7',
      makeCurrent: true,
    });
  });

  test.each([
    [{}, 'TWILIO_ACCOUNT_SID: must be set'],
    [{ ...least, BASE_URL: '' }, 'BASE_URL: must be set'],
    [{ ...least, TWILIO_ACCOUNT_SID: 'AC1' }, 'TWILIO_ACCOUNT_SID: must be AC and 32'],
    [{ ...least, MAX_CONCURRENT_ACTIVITIES: '0' }, 'MAX_CONCURRENT_ACTIVITIES: must be a whole'],
    [{ ...least, MAX_CONCURRENT_WORKFLOWS: '1e3' }, 'MAX_CONCURRENT_WORKFLOWS: must be a whole'],
    [{ ...least, TEMPORAL_PORT: '70000' }, 'TEMPORAL_PORT: must be a whole number'],
    [{ ...least, DATABASE_URL: 'mysql://db' }, 'DATABASE_URL: must be a postgres:// URL'],
    [{ ...least, DATABASE_URL: 'memory:' }, 'DATABASE_URL: must be a postgres:// URL'],
    [{ ...least, REDIS_HOST: 'a b' }, 'REDIS_HOST: must be a host name'],
    [
      { ...least, VOICE_SERVER_WS_URL: 'wss://a/ws?x=1' },
      'VOICE_SERVER_WS_URL: must have no query',
    ],
    [{ ...least, WORKER_MAKE_CURRENT: 'yes' }, 'WORKER_BUILD_ID: must be set'],
    [{ ...least, ENVIRONMENT: 'production' }, 'DATABASE_URL: must be set'],
    [{ ...least, ENVIRONMENT: 'staging', BASE_URL: 'http://a' }, 'BASE_URL: must be https://'],
  ])('%# is refused by the name of what is wrong', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});
