import type { DemoOptions } from './demo-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What would make the demo's server another one than the demo wants. Set and empty is not set. */
const OURS = [
  'BASE_URL',
  'TWILIO_WEBHOOK_BASE_URL',
  'VOICE_SERVER_WS_URL',
  'TWILIO_AUTH_TOKEN_SECONDARY',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_API_BASE_URL',
  'TEMPORAL_HOST',
  'REDIS_URL',
  'REDIS_HOST',
  'WEBHOOK_URL',
  'RECEPTIONIST',
  'VAD_START_SENSITIVITY',
  'VAD_END_SENSITIVITY',
  'VAD_PREFIX_PADDING_MS',
  'VAD_SILENCE_DURATION_MS',
  'MAX_DURATION_SECONDS',
  'HOST',
  'PORT',
];

export interface ServerWishes {
  readonly engines: DemoOptions['engines'];
  readonly authToken: string;
  /** Absolute. */
  readonly modelsDir: string;
}

/** The server's environment for the demo: the user's own, but for what the demo must be sure of. */
export function serverEnvironment(
  user: Environment,
  { engines, authToken, modelsDir }: ServerWishes,
): Environment {
  return {
    ...user,
    ...Object.fromEntries(OURS.map((name) => [name, ''])),
    ENVIRONMENT: 'development',
    TWILIO_AUTH_TOKEN: authToken,
    GRACE_MS: '0',
    // It leaves nothing behind, and shares nothing with another server on this machine.
    DATABASE_URL: 'memory:',
    EMULATOR: 'never',
    // What is not there is done without: the demo needs no network.
    MODELS_DOWNLOAD: 'never',
    MODELS_DIR: modelsDir,
    ...FORCED[engines],
  };
}

const FORCED: Readonly<Record<DemoOptions['engines'], Environment>> = {
  auto: {},
  small: { RECOGNIZER: 'small', SYNTHESIZER: 'small', LANGUAGE_MODEL: 'front-desk' },
  real: { RECOGNIZER: 'whisper', SYNTHESIZER: 'piper', LANGUAGE_MODEL: 'front-desk' },
};
