import { describe, expect, test } from 'vitest';
import { DEVELOPMENT_AUTH_TOKEN } from './config/carrier.ts';
import { loadConfig } from './config.ts';

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
    LLM_CONTEXT_TOKENS: '16384',
    OPENAI_BASE_URL: 'http://localhost:1/v1',
    OPENAI_API_KEY: 'k',
    TRANSCRIPTION_BASE_URL: 'http://localhost:2/v1',
    WHISPER_CPP_URL: 'http://localhost:3',
    PIPER_URL: 'http://localhost:4',
    ENGINE_THREADS: '2',
  };
  expect(loadConfig(env).engines).toMatchObject({
    threads: 2,
    ollama: { model: 'm', contextTokens: 16_384 },
    openAi: {
      ...{ baseUrl: 'http://localhost:1/v1', model: 'm', apiKey: 'k' },
      contextTokens: 16_384,
    },
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
    expect(messageOf({ RECOGNIZER: 'http' })).toContain(
      'WHISPER_CPP_URL or TRANSCRIPTION_BASE_URL: must be set where RECOGNIZER is http',
    );
    expect(messageOf({ SYNTHESIZER: 'http' })).toContain(
      'PIPER_URL: must be set where SYNTHESIZER is http',
    );
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

describe('the carrier', () => {
  const twilio = {
    TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'a'.repeat(32),
    TWILIO_PHONE_NUMBER: '+1 (202) 555-0123',
  };

  test('comes along when nothing is set, and not where anything of a real one is', () => {
    expect(loadConfig({}).carrier).toMatchObject({ type: 'emulator', phoneNumber: '+12025550100' });
    expect(loadConfig({ EMULATOR: 'never' }).carrier).toEqual({ type: 'none' });
    expect(loadConfig({ TWILIO_AUTH_TOKEN: 'a'.repeat(32) }).carrier).toEqual({ type: 'none' });
  });

  test('is Twilio, or what speaks as it does', () => {
    expect(loadConfig(twilio).carrier).toEqual({
      type: 'twilio',
      accountSid: twilio.TWILIO_ACCOUNT_SID,
      phoneNumber: '+12025550123',
      apiBaseUrl: null,
    });
    const carrier = loadConfig({ ...twilio, TWILIO_API_BASE_URL: 'http://127.0.0.1:1/' }).carrier;
    expect(carrier).toMatchObject({ apiBaseUrl: 'http://127.0.0.1:1' });
  });

  test.each([
    ['TWILIO_ACCOUNT_SID', { ...twilio, TWILIO_ACCOUNT_SID: 'AC1' }],
    ['TWILIO_AUTH_TOKEN', { ...twilio, TWILIO_AUTH_TOKEN: '' }],
    ['TWILIO_PHONE_NUMBER', { ...twilio, TWILIO_PHONE_NUMBER: '' }],
    ['TWILIO_PHONE_NUMBER', { ...twilio, TWILIO_PHONE_NUMBER: '2025550123' }],
    ['TWILIO_ACCOUNT_SID', { TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }],
  ])('needs a right %s', (name, env) => {
    expect(() => loadConfig(env)).toThrow(`${name}: `);
  });
});

describe('where calls are kept', () => {
  test('is a database that comes along in ./data, one elsewhere, or memory', () => {
    const pool = { poolSize: 20, maxOverflow: 10, poolTimeoutMs: 30_000 };
    const { database, dataDir } = loadConfig({ DATA_DIR: '/x' });
    expect({ database, dataDir }).toEqual({
      database: { type: 'embedded', folder: '/x/postgres', ...pool },
      dataDir: '/x',
    });
    const url = 'postgresql://me:secret@db.example:6543/postgres';
    const env = {
      DATABASE_URL: url,
      DB_POOL_SIZE: '5',
      DB_MAX_OVERFLOW: '0',
      DB_POOL_TIMEOUT: '3',
    };
    expect(loadConfig(env).database).toEqual({
      type: 'server',
      url,
      caFile: null,
      poolSize: 5,
      maxOverflow: 0,
      poolTimeoutMs: 3_000,
    });
    expect(loadConfig({ DATABASE_URL: 'memory:' }).database).toEqual({ type: 'memory' });
  });

  test('has sessions in Redis, or in this process', () => {
    expect(loadConfig({}).redis).toBeNull();
    expect(loadConfig({ REDIS_HOST: 'r' }).redis?.url).toBe('redis://r:6379/0');
  });

  test('has its lives in this process, or in Temporal', () => {
    expect(loadConfig({}).temporal).toBeNull();
    expect(loadConfig({ TEMPORAL_HOST: 't' }).temporal?.address).toBe('t:7233');
  });

  test.each([
    ['DATABASE_URL', 'mysql://x'],
    ['REDIS_URL', 'http://x'],
    ['REDIS_HOST', 'a b'],
    ['TEMPORAL_TLS_ENABLED', 'perhaps'],
  ])('needs a right %s', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(`${name}: must be `);
  });
});

describe('the API', () => {
  test('is open to pages of other origins in development only, unless told', () => {
    expect(loadConfig({}).api.corsOrigins).toEqual(['*']);
    expect(loadConfig(PRODUCTION).api.corsOrigins).toEqual([]);
    const env = { ...PRODUCTION, CORS_ORIGINS: 'https://a.example, https://b.example' };
    expect(loadConfig(env).api.corsOrigins).toEqual(['https://a.example', 'https://b.example']);
  });

  test('believes proxies that it is told of, by address, network or kind', () => {
    expect(loadConfig({}).api.trustedProxies).toEqual([]);
    const proxies = ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::1', 'loopback'];
    expect(loadConfig({ TRUSTED_PROXIES: proxies.join(', ') }).api.trustedProxies).toEqual(proxies);
    for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0', '*', '::1/129'])
      expect(() => loadConfig({ TRUSTED_PROXIES: wrong })).toThrow('TRUSTED_PROXIES: must be ');
  });

  test('dials countries by name', () => {
    expect(loadConfig({}).api.allowedCountries).toBeNull();
    expect(loadConfig({ ALLOWED_COUNTRIES: 'us, ca' }).api.allowedCountries).toEqual(['US', 'CA']);
    expect(() => loadConfig({ ALLOWED_COUNTRIES: 'US,ZZ' })).toThrow('ALLOWED_COUNTRIES: ');
  });

  test('tells others only with a secret, and outside development by https', () => {
    expect(loadConfig({}).webhook).toBeNull();
    const url = 'https://hooks.example/earshot';
    expect(() => loadConfig({ WEBHOOK_URL: url })).toThrow('WEBHOOK_SECRET: ');
    const secret = 's'.repeat(32);
    const env = { ...PRODUCTION, WEBHOOK_SECRET: secret };
    expect(loadConfig({ ...env, WEBHOOK_URL: url }).webhook).toEqual({
      url,
      secret,
      reach: { plain: false, loopback: false },
    });
    expect(() => loadConfig({ ...env, WEBHOOK_URL: 'http://hooks.example' })).toThrow(
      'WEBHOOK_URL: ',
    );
  });
});
