import { resolve } from 'node:path';
import { DEFAULT_VAD, type VadConfig } from '@earshot/conversation';
import type { EnginesOptions } from '@earshot/local';
import {
  choice,
  ENVIRONMENT,
  GRACE_MS,
  LOG_LEVEL,
  type LogLevel,
  PUBLIC_URL_VARIABLES,
  publicUrlContradictions,
  publicUrlOf,
  type RedisConfig,
  readEnvironment,
  redisOf,
  STORE_VARIABLES,
  type TemporalConfig,
  temporalAt,
  wholeNumber,
} from '@earshot/process';
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
import { DATABASE_URL, type DatabaseConfig, databaseOf } from './config/stores.ts';

const port = wholeNumber(0, 65_535);
const sensitivity = z.preprocess((given) => String(given).toUpperCase(), choice('HIGH', 'LOW'));

const Env = z.object({
  ...ENGINE_VARIABLES,
  ...CARRIER_VARIABLES,
  ...STORE_VARIABLES,
  DATABASE_URL,
  ...API_VARIABLES,
  ENVIRONMENT,
  LOG_LEVEL,
  ...PUBLIC_URL_VARIABLES,
  HOST: z.string().optional(),
  WS_HOST: z.string().optional(),
  PORT: port.optional(),
  WS_PORT: port.optional(),
  RECEPTIONIST: z.string().optional(),
  GRACE_MS,
  MAX_DURATION_SECONDS: wholeNumber(10, 14_400).default(1_800),
  VAD_START_SENSITIVITY: sensitivity.default(DEFAULT_VAD.startSensitivity),
  VAD_END_SENSITIVITY: sensitivity.default(DEFAULT_VAD.endSensitivity),
  VAD_PREFIX_PADDING_MS: wholeNumber(20, 500).default(200),
  VAD_SILENCE_DURATION_MS: wholeNumber(100, 2_000).default(500),
});

type Environment = z.infer<typeof Env>;

export interface Config {
  readonly environment: Environment['ENVIRONMENT'];
  readonly logLevel: LogLevel;
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
  /** Null: sessions live in this process's memory. */
  readonly redis: RedisConfig | null;
  /** Null: this process hosts the lives of calls. */
  readonly temporal: TemporalConfig | null;
  /** Where recordings and what waits for the database are kept. Absolute. */
  readonly dataDir: string;
  readonly api: ApiConfig;
  readonly webhook: WebhookConfig | null;
}

const DEFAULT_RECEPTIONIST = resolve(import.meta.dirname, '../receptionists/dental-practice.yaml');

/** Reads the environment. Variables that are set and empty count as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return configOf(readEnvironment(Env, env, contradictions));
}

/** What each variable allows and all of them together do not. */
function contradictions(env: Environment): string[] {
  const inDevelopment = env.ENVIRONMENT === 'development';
  const issues = [
    ...engineContradictions(env),
    ...carrierContradictions(env),
    ...apiContradictions(env, inDevelopment),
  ];
  if (inDevelopment) return issues;
  if (!publicUrlOf(env))
    issues.push('BASE_URL: must be set, to the URL under which Twilio reaches this server');
  issues.push(...publicUrlContradictions(env));
  if (!env.TWILIO_AUTH_TOKEN && !env.TWILIO_ACCOUNT_SID)
    issues.push('TWILIO_AUTH_TOKEN: must be set');
  return issues;
}

function configOf(env: Environment): Config {
  const inDevelopment = env.ENVIRONMENT === 'development';
  return {
    environment: env.ENVIRONMENT,
    logLevel: env.LOG_LEVEL,
    host: env.HOST ?? env.WS_HOST ?? (inDevelopment ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT ?? env.WS_PORT ?? 8000,
    publicUrl: publicUrlOf(env),
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
    temporal: env.TEMPORAL_HOST ? temporalAt(env.TEMPORAL_HOST, env) : null,
    dataDir: resolve(env.DATA_DIR),
    api: apiOf(env, inDevelopment),
    webhook: webhookOf(env, inDevelopment),
  };
}
