import { resolve } from 'node:path';
import { DEFAULT_VAD, type VadConfig } from '@earshot/conversation';
import type { EnginesOptions } from '@earshot/local';
import { z } from 'zod';
import {
  API_VARIABLES,
  type ApiConfig,
  apiContradictions,
  apiOf,
  type WebhookConfig,
  webhookOf,
} from './config/api.ts';
import {
  type Auth,
  authOf,
  CARRIER_VARIABLES,
  type CarrierConfig,
  carrierContradictions,
  carrierOf,
} from './config/carrier.ts';
import {
  ENGINE_VARIABLES,
  engineContradictions,
  enginesOptions,
  type ModelsConfig,
  modelsConfig,
} from './config/engines.ts';
import { choice, httpUrl, wholeNumber } from './config/fields.ts';
import {
  type DatabaseConfig,
  databaseOf,
  type RedisConfig,
  redisOf,
  STORE_VARIABLES,
  storeContradictions,
  type TemporalConfig,
  temporalOf,
} from './config/stores.ts';
import { isLoopbackName } from './loopback.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const logLevel = z.preprocess(
  (given) => {
    const level = String(given).toLowerCase();
    return level === 'warning' ? 'warn' : level;
  },
  choice(...LOG_LEVELS),
);

const port = wholeNumber(0, 65_535);
const sensitivity = z.preprocess((given) => String(given).toUpperCase(), choice('HIGH', 'LOW'));

const Env = z.object({
  ...ENGINE_VARIABLES,
  ...CARRIER_VARIABLES,
  ...STORE_VARIABLES,
  ...API_VARIABLES,
  ENVIRONMENT: choice('development', 'staging', 'production').default('development'),
  LOG_LEVEL: logLevel.default('info'),
  BASE_URL: httpUrl.optional(),
  TWILIO_WEBHOOK_BASE_URL: httpUrl.optional(),
  VOICE_SERVER_WS_URL: z
    .url({ protocol: /^wss?$/, error: 'must be a wss:// URL' })
    .refine((url) => !/[?#]/.test(url), 'must have no query: Twilio drops it')
    .optional(),
  HOST: z.string().optional(),
  WS_HOST: z.string().optional(),
  PORT: port.optional(),
  WS_PORT: port.optional(),
  RECEPTIONIST: z.string().optional(),
  GRACE_MS: wholeNumber(0, 7_200_000).default(30_000),
  MAX_DURATION_SECONDS: wholeNumber(10, 14_400).default(1_800),
  VAD_START_SENSITIVITY: sensitivity.default(DEFAULT_VAD.startSensitivity),
  VAD_END_SENSITIVITY: sensitivity.default(DEFAULT_VAD.endSensitivity),
  VAD_PREFIX_PADDING_MS: wholeNumber(20, 500).default(200),
  VAD_SILENCE_DURATION_MS: wholeNumber(100, 2_000).default(500),
});

type Environment = z.infer<typeof Env>;

export interface Config {
  readonly environment: Environment['ENVIRONMENT'];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly host: string;
  readonly port: number;
  /** As Twilio and callers' browsers know this server. Ends without a slash; null: by the port. */
  readonly publicUrl: string | null;
  readonly mediaUrl: string | null;
  readonly auth: Auth;
  /** Path of the receptionist's profile. */
  readonly receptionist: string;
  /** How long live calls may go on once the server is told to stop. */
  readonly graceMs: number;
  readonly maxDurationMs: number;
  readonly vad: VadConfig;
  readonly engines: EnginesOptions;
  readonly models: ModelsConfig;
  readonly carrier: CarrierConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig | null;
  readonly temporal: TemporalConfig | null;
  /** Where recordings and what waits for the database are kept. Absolute. */
  readonly dataDir: string;
  readonly api: ApiConfig;
  readonly webhook: WebhookConfig | null;
}

const DEFAULT_RECEPTIONIST = resolve(import.meta.dirname, '../receptionists/dental-practice.yaml');

/** What is wrong with the environment: every variable, by name and never with its value. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad-environment';
}

/** Reads the environment. Variables that are set and empty count as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Env.safeParse(set);
  const issues = parsed.success ? contradictions(parsed.data) : explain(parsed.error);
  if (!parsed.success || issues.length > 0)
    throw new ConfigError(`Bad environment:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  return configOf(parsed.data);
}

function explain({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** What each variable allows and all of them together do not. */
function contradictions(env: Environment): string[] {
  const inDevelopment = env.ENVIRONMENT === 'development';
  const issues = [
    ...engineContradictions(env),
    ...carrierContradictions(env),
    ...storeContradictions(env),
    ...apiContradictions(env, inDevelopment),
  ];
  if (inDevelopment) return issues;
  const base = env.BASE_URL ?? env.TWILIO_WEBHOOK_BASE_URL;
  if (!base)
    issues.push('BASE_URL: must be set, to the URL under which Twilio reaches this server');
  else if (!isSecure(base)) issues.push('BASE_URL: must be https://');
  if (env.VOICE_SERVER_WS_URL && !isSecure(env.VOICE_SERVER_WS_URL))
    issues.push('VOICE_SERVER_WS_URL: must be wss://');
  if (!env.TWILIO_AUTH_TOKEN && !env.TWILIO_ACCOUNT_SID)
    issues.push('TWILIO_AUTH_TOKEN: must be set');
  return issues;
}

function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || protocol === 'wss:' || isLoopbackName(hostname);
}

function configOf(env: Environment): Config {
  const inDevelopment = env.ENVIRONMENT === 'development';
  const publicUrl = (env.BASE_URL ?? env.TWILIO_WEBHOOK_BASE_URL)?.replace(/\/+$/, '') ?? null;
  return {
    environment: env.ENVIRONMENT,
    logLevel: env.LOG_LEVEL,
    host: env.HOST ?? env.WS_HOST ?? (inDevelopment ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT ?? env.WS_PORT ?? 8000,
    publicUrl,
    mediaUrl: env.VOICE_SERVER_WS_URL ?? null,
    auth: authOf(env),
    receptionist: env.RECEPTIONIST ? resolve(env.RECEPTIONIST) : DEFAULT_RECEPTIONIST,
    graceMs: env.GRACE_MS,
    maxDurationMs: env.MAX_DURATION_SECONDS * 1000,
    vad: {
      startSensitivity: env.VAD_START_SENSITIVITY,
      endSensitivity: env.VAD_END_SENSITIVITY,
      prefixPaddingMs: env.VAD_PREFIX_PADDING_MS,
      silenceDurationMs: env.VAD_SILENCE_DURATION_MS,
    },
    engines: enginesOptions(env),
    models: modelsConfig(env),
    carrier: carrierOf(env, inDevelopment),
    database: databaseOf(env),
    redis: redisOf(env),
    temporal: temporalOf(env),
    dataDir: resolve(env.DATA_DIR),
    api: apiOf(env, inDevelopment),
    webhook: webhookOf(env, inDevelopment),
  };
}
