import { describe, expect, test } from 'vitest';
import { DEVELOPMENT_AUTH_TOKEN, loadConfig } from './config.ts';

const PRODUCTION = {
  ENVIRONMENT: 'production',
  BASE_URL: 'https://voice.example.com',
  TWILIO_AUTH_TOKEN: 'a'.repeat(32),
};

test('with nothing set the server is for this machine alone', () => {
  expect(loadConfig({})).toMatchObject({
    environment: 'development',
    logLevel: 'info',
    host: '127.0.0.1',
    port: 8000,
    publicUrl: null,
    auth: { tokens: [DEVELOPMENT_AUTH_TOKEN], localOnly: true },
    graceMs: 30_000,
    maxDurationMs: 1_800_000,
    vad: {
      startSensitivity: 'HIGH',
      endSensitivity: 'LOW',
      prefixPaddingMs: 200,
      silenceDurationMs: 500,
    },
  });
});

test('an auth token replaces the development token, and two stand beside each other', () => {
  const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
  const env = { TWILIO_AUTH_TOKEN: first, TWILIO_AUTH_TOKEN_SECONDARY: second };
  expect(loadConfig(env).auth).toEqual({ tokens: [first, second], localOnly: false });
});

test('the names of both origins are understood', () => {
  const env = {
    TWILIO_WEBHOOK_BASE_URL: 'https://a.example/',
    WS_HOST: '0.0.0.0',
    WS_PORT: '8765',
  };
  expect(loadConfig({ ...env, LOG_LEVEL: 'WARNING' })).toMatchObject({
    publicUrl: 'https://a.example',
    host: '0.0.0.0',
    port: 8765,
    logLevel: 'warn',
  });
  expect(
    loadConfig({ ...env, BASE_URL: 'https://b.example', PORT: '1', HOST: '::' }),
  ).toMatchObject({
    publicUrl: 'https://b.example',
    host: '::',
    port: 1,
  });
});

test('a variable that is set and empty is not set', () => {
  expect(loadConfig({ PORT: '', BASE_URL: '  ' })).toEqual(loadConfig({}));
});

test('production listens to the world', () => {
  expect(loadConfig(PRODUCTION).host).toBe('0.0.0.0');
});

test('the engines are those of the origins unless told otherwise', () => {
  expect(loadConfig({}).engines).toMatchObject({
    whisperModel: 'tiny.en',
    piperVoice: 'en_US-lessac-medium',
    recognizer: 'auto',
    languageModel: 'auto',
    ollama: { baseUrl: 'http://127.0.0.1:11434', model: 'llama3.1:8b' },
  });
  const env = {
    LLM_MODEL: 'm',
    OPENAI_BASE_URL: 'http://localhost:1/v1',
    OPENAI_API_KEY: 'k',
    TRANSCRIPTION_BASE_URL: 'http://localhost:2/v1',
    WHISPER_CPP_URL: 'http://localhost:3',
    PIPER_URL: 'http://localhost:4',
    ENGINE_THREADS: '2',
  };
  expect(loadConfig(env).engines).toMatchObject({
    threads: 2,
    ollama: { model: 'm' },
    openAi: { baseUrl: 'http://localhost:1/v1', model: 'm', apiKey: 'k' },
    openAiSpeech: { baseUrl: 'http://localhost:2/v1', model: 'whisper-1' },
    whisperCpp: { baseUrl: 'http://localhost:3' },
    piperHttp: { baseUrl: 'http://localhost:4' },
  });
});

test.each([
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['gpu.local', 'http://gpu.local:11434'],
  ['gpu.local:99', 'http://gpu.local:99'],
  ['http://gpu.local:99', 'http://gpu.local:99'],
  ['https://gpu.example/ollama', 'https://gpu.example/ollama'],
])('OLLAMA_HOST may be %s', (given, baseUrl) => {
  expect(loadConfig({ OLLAMA_HOST: given }).engines.ollama?.baseUrl).toBe(baseUrl);
});

describe('a bad environment', () => {
  const messageOf = (env: Record<string, string>): string => {
    try {
      loadConfig(env);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  test('is told whole: every bad variable in one error', () => {
    const bad = {
      ENVIRONMENT: 'prod',
      LOG_LEVEL: 'loud',
      BASE_URL: 'voice.example.com',
      VOICE_SERVER_WS_URL: 'https://voice.example.com',
      PORT: '80000',
      GRACE_MS: 'long',
      MAX_DURATION_SECONDS: '0',
      VAD_START_SENSITIVITY: 'MEDIUM',
      VAD_PREFIX_PADDING_MS: '5',
      VAD_SILENCE_DURATION_MS: '9000',
      RECOGNIZER: 'ear',
      OLLAMA_HOST: 'no host',
      PIPER_URL: 'piper',
    };
    const message = messageOf(bad);
    for (const name of Object.keys(bad)) expect(message).toContain(`${name}: `);
  });

  test('is told without its values, which may be secret', () => {
    const message = messageOf({ TWILIO_AUTH_TOKEN: 'hunter2', BASE_URL: 'ftp://user:hunter2@x' });
    expect(message).toContain('TWILIO_AUTH_TOKEN');
    expect(message).not.toContain('hunter2');
  });

  test('includes an engine that lacks its server or its model', () => {
    expect(messageOf({ LANGUAGE_MODEL: 'openai' })).toContain('OPENAI_BASE_URL: ');
    expect(messageOf({ OPENAI_BASE_URL: 'http://x.example/v1' })).toContain('OPENAI_MODEL: ');
  });

  test.each([
    ['TWILIO_AUTH_TOKEN', { ...PRODUCTION, TWILIO_AUTH_TOKEN: '' }],
    ['BASE_URL', { ...PRODUCTION, BASE_URL: '' }],
    ['BASE_URL', { ...PRODUCTION, BASE_URL: 'http://voice.example.com' }],
    ['VOICE_SERVER_WS_URL', { ...PRODUCTION, VOICE_SERVER_WS_URL: 'ws://voice.example.com/ws' }],
    ['VOICE_SERVER_WS_URL', { ...PRODUCTION, VOICE_SERVER_WS_URL: 'wss://a.example/ws?x=1' }],
  ])('outside development includes an unsafe %s', (name, env) => {
    expect(messageOf(env)).toContain(`${name}: `);
  });
});
