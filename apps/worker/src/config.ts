import { resolve } from 'node:path';
import type { Deployment, TemporalAddress } from '@earshot/temporal';
import { z } from 'zod';
import { choice, httpUrl, list, logLevel, wholeNumber, yesOrNo } from './config-fields.ts';

const must = (what: string) => ({ error: `must be ${what}` });

const Env = z.object({
  ENVIRONMENT: choice('development', 'staging', 'production').default('development'),
  LOG_LEVEL: logLevel.default('info'),
  BASE_URL: httpUrl.optional(),
  TWILIO_WEBHOOK_BASE_URL: httpUrl.optional(),
  VOICE_SERVER_WS_URL: z.url({ protocol: /^wss?$/, ...must('a wss:// URL') }).optional(),
  TWILIO_ACCOUNT_SID: z
    .string(must('set'))
    .regex(/^AC[0-9a-fA-F]{32}$/, must('AC and 32 hexadecimal digits')),
  TWILIO_AUTH_TOKEN: z.string(must('set')).min(16, 'is too short for an auth token'),
  TWILIO_API_BASE_URL: httpUrl.optional(),
  CALLS_PER_SECOND: wholeNumber(1, 1_000).default(1),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, ...must('a postgres:// URL') }).optional(),
  DB_POOL_SIZE: wholeNumber(1, 500).default(20),
  DB_MAX_OVERFLOW: wholeNumber(0, 500).default(10),
  DB_POOL_TIMEOUT: wholeNumber(1, 300).default(30),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, ...must('a redis:// or rediss:// URL') })
    .transform((url) => new URL(url))
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: wholeNumber(1, 65_535).default(6379),
  REDIS_DB: wholeNumber(0, 1_000).default(0),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_SESSION_TTL: wholeNumber(60, 604_800).default(7_200),
  WEBHOOK_URL: httpUrl.optional(),
  TEMPORAL_HOST: z.string().default('127.0.0.1'),
  TEMPORAL_PORT: wholeNumber(1, 65_535).default(7233),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS_ENABLED: yesOrNo.default(false),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_PAYLOAD_KEYS: list.default([]),
  WORKER_TASK_QUEUE: z.string().default('voice-ai-task-queue'),
  MAX_CONCURRENT_ACTIVITIES: wholeNumber(1, 10_000).default(100),
  MAX_CONCURRENT_WORKFLOWS: wholeNumber(2, 100_000).default(1_000),
  WORKER_DEPLOYMENT: z.string().default('earshot'),
  WORKER_BUILD_ID: z.string().optional(),
  WORKER_MAKE_CURRENT: yesOrNo.default(false),
  WORKER_HOST: z.string().optional(),
  WORKER_HEALTH_PORT: wholeNumber(0, 65_535).default(9001),
  WORKER_METRICS_PORT: wholeNumber(0, 65_535).default(9000),
  GRACE_MS: wholeNumber(0, 7_200_000).default(30_000),
});

type Environment = z.infer<typeof Env>;

export interface Config {
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly twilio: TwilioConfig;
  readonly database: DatabaseConfig;
  /** Null: other processes hear nothing of how calls go on. */
  readonly redis: RedisConfig | null;
  /** Users' server that is told of calls; null: none. */
  readonly webhookUrl: string | null;
  readonly temporal: TemporalAddress;
  readonly deployment: Deployment | null;
  readonly maxActivities: number;
  readonly maxWorkflows: number;
  readonly callsPerSecond: number;
  readonly graceMs: number;
  readonly host: string;
  readonly healthPort: number;
  /** 0: no figures are shown. */
  readonly metricsPort: number;
}

export interface TwilioConfig {
  readonly accountSid: string;
  readonly authToken: string;
  /** Null: Twilio's own. */
  readonly apiBaseUrl: string | null;
  /** The server as Twilio reaches it, without a slash at its end. */
  readonly publicUrl: string;
  readonly mediaUrl: URL;
}

export interface DatabaseConfig {
  /** Null: the server's own, in `folder`. */
  readonly url: string | null;
  readonly folder: string;
  readonly poolSize: number;
  readonly overflow: number;
  readonly timeoutMs: number;
}

export type RedisConfig = { readonly sessionTtlMs: number } & (
  | { readonly url: URL }
  | {
      readonly host: string;
      readonly port: number;
      readonly db: number;
      readonly password: string;
    }
);

/** What is wrong with the environment: every variable, by name and never with its value. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad-environment';
}

/** Reads the environment. Variables that are set and empty count as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Env.safeParse(set);
  const issues = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (!parsed.success || issues.length > 0)
    throw new ConfigError(`Bad environment:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  return configOf(parsed.data);
}

/** What each variable allows and all of them together do not. */
function contradictions(env: Environment): string[] {
  const base = env.BASE_URL ?? env.TWILIO_WEBHOOK_BASE_URL;
  const inDevelopment = env.ENVIRONMENT === 'development';
  return [
    ...(base ? [] : ['BASE_URL: must be set, to the URL under which Twilio reaches the server']),
    ...(base?.startsWith('http:') && !inDevelopment ? ['BASE_URL: must be https://'] : []),
    ...(env.DATABASE_URL || inDevelopment
      ? []
      : ['DATABASE_URL: must be set, to the database of the server']),
    ...(env.WORKER_MAKE_CURRENT && !env.WORKER_BUILD_ID
      ? ['WORKER_BUILD_ID: must be set where WORKER_MAKE_CURRENT is']
      : []),
  ];
}

function configOf(env: Environment): Config {
  const { WORKER_BUILD_ID: buildId, WORKER_DEPLOYMENT: name } = env;
  return {
    logLevel: env.LOG_LEVEL,
    twilio: twilioOf(env),
    database: {
      url: env.DATABASE_URL ?? null,
      folder: resolve(env.DATA_DIR, 'postgres'),
      poolSize: env.DB_POOL_SIZE,
      overflow: env.DB_MAX_OVERFLOW,
      timeoutMs: env.DB_POOL_TIMEOUT * 1_000,
    },
    redis: redisOf(env),
    webhookUrl: env.WEBHOOK_URL ?? null,
    temporal: temporalOf(env),
    deployment: buildId ? { name, buildId, makeCurrent: env.WORKER_MAKE_CURRENT } : null,
    maxActivities: env.MAX_CONCURRENT_ACTIVITIES,
    maxWorkflows: env.MAX_CONCURRENT_WORKFLOWS,
    callsPerSecond: env.CALLS_PER_SECOND,
    graceMs: env.GRACE_MS,
    host: env.WORKER_HOST ?? (env.ENVIRONMENT === 'development' ? '127.0.0.1' : '0.0.0.0'),
    healthPort: env.WORKER_HEALTH_PORT,
    metricsPort: env.WORKER_METRICS_PORT,
  };
}

function twilioOf(env: Environment): TwilioConfig {
  const publicUrl = env.BASE_URL ?? env.TWILIO_WEBHOOK_BASE_URL ?? '';
  return {
    accountSid: env.TWILIO_ACCOUNT_SID,
    authToken: env.TWILIO_AUTH_TOKEN,
    apiBaseUrl: env.TWILIO_API_BASE_URL ?? null,
    publicUrl,
    mediaUrl: new URL(
      env.VOICE_SERVER_WS_URL ?? `${publicUrl.replace(/^http/, 'ws')}/twilio/media`,
    ),
  };
}

function redisOf(env: Environment): RedisConfig | null {
  const sessionTtlMs = env.REDIS_SESSION_TTL * 1_000;
  if (env.REDIS_URL) return { url: env.REDIS_URL, sessionTtlMs };
  const { REDIS_HOST: host, REDIS_PORT: port, REDIS_DB: db, REDIS_PASSWORD: password = '' } = env;
  return host ? { host, port, db, password, sessionTtlMs } : null;
}

function temporalOf(env: Environment): TemporalAddress {
  return {
    address: `${env.TEMPORAL_HOST}:${env.TEMPORAL_PORT}`,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue: env.WORKER_TASK_QUEUE,
    // Temporal Cloud takes an API key over TLS only.
    tls: env.TEMPORAL_TLS_ENABLED || env.TEMPORAL_API_KEY !== undefined,
    apiKey: env.TEMPORAL_API_KEY ?? null,
    payloadKeys: env.TEMPORAL_PAYLOAD_KEYS,
  };
}
