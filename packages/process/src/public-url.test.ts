import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PUBLIC_URL_VARIABLES, publicUrlContradictions, publicUrlOf } from './public-url.ts';

const schema = z.object(PUBLIC_URL_VARIABLES);
const read = (env: Record<string, string>) => schema.parse(env);

test('the public URL has two names, and no slash at its end', () => {
  expect(publicUrlOf(read({}))).toBeNull();
  const old = { TWILIO_WEBHOOK_BASE_URL: 'https://a.example/' };
  expect(publicUrlOf(read(old))).toBe('https://a.example');
  expect(publicUrlOf(read({ ...old, BASE_URL: 'https://b.example//' }))).toBe('https://b.example');
});

test('the media URL has no query', () => {
  const { error } = schema.safeParse({ VOICE_SERVER_WS_URL: 'wss://a.example/ws?x=1' });
  expect(error?.issues[0]?.message).toBe('must have no query: Twilio drops it');
});

describe('outside development', () => {
  test.each([
    [{ BASE_URL: 'http://a.example' }, ['BASE_URL: must be https://']],
    [{ VOICE_SERVER_WS_URL: 'ws://a.example' }, ['VOICE_SERVER_WS_URL: must be wss://']],
    [{ BASE_URL: 'https://a.example', VOICE_SERVER_WS_URL: 'wss://a.example' }, []],
    [{ BASE_URL: 'http://localhost:8000', VOICE_SERVER_WS_URL: 'ws://[::1]:8000' }, []],
    [{ BASE_URL: 'http://127.0.0.1:8000' }, []],
    [{ BASE_URL: 'http://127.0.0.1.example' }, ['BASE_URL: must be https://']],
  ])('nobody on the way can listen: %j', (env, told) => {
    expect(publicUrlContradictions(read(env))).toEqual(told);
  });
});
