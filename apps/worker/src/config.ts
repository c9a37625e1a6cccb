import {
  ENVIRONMENT,
  GRACE_MS,
  httpUrl,
  LOG_LEVEL,
  type LogLevel,
  type PostgresConfig,
  PUBLIC_URL_VARIABLES,
  postgresOf,
  publicUrlContradictions,
  publicUrlOf,
  type RedisConfig,
  readEnvironment,
  redisOf,
  STORE_VARIABLES,
  type TemporalConfig,
  TWILIO_VARIABLES,
  temporalAt,
  wholeNumber,
  yesOrNo,
} from '@earshot/process';
import type { Deployment } from '@earshot/temporal';
import { z } from 'zod';

/** A worker always has a Temporal; a server need not have one. */
const DEFAULT_TEMPORAL_HOST = '127.0.0.1';

const Env = z.object({
  ENVIRONMENT,
  LOG_LEVEL,
  ...PUBLIC_URL_VARIABLES,
  ...TWILIO_VARIABLES,
  ...STORE_VARIABLES,
  WEBHOOK_URL: httpUrl.optional(),
  MAX_CONCURRENT_ACTIVITIES: wholeNumber(1, 10_000).default(100),
  MAX_CONCURRENT_WORKFLOWS: wholeNumber(2, 100_000).default(1_000),
  WORKER_DEPLOYMENT: z.string().default('earshot'),
  WORKER_BUILD_ID: z.string().optional(),
  WORKER_MAKE_CURRENT: yesOrNo.default(false),
  WORKER_HOST: z.string().optional(),
  WORKER_HEALTH_PORT: wholeNumber(0, 65_535).default(9001),
  WORKER_METRICS_PORT: wholeNumber(0, 65_535).default(9000),
  GRACE_MS,
});

type Environment = z.infer<typeof Env>;

export interface Config {
  readonly logLevel: LogLevel;
  readonly twilio: TwilioConfig;
  /** The server's. */
  readonly database: PostgresConfig;
  /** Null: other processes hear nothing of how calls go on. */
  readonly redis: RedisConfig | null;
  /** Users' server that is told of calls; null: none. */
  readonly webhookUrl: string | null;
  readonly temporal: TemporalConfig;
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

/** Reads the environment. Variables that are set and empty count as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return configOf(readEnvironment(Env, env, contradictions));
}

/** What each variable allows and all of them together do not. */
function contradictions(env: Environment): string[] {
  const inDevelopment = env.ENVIRONMENT === 'development';
  return [
    ...(publicUrlOf(env)
      ? []
      : ['BASE_URL: must be set, to the URL under which Twilio reaches the server']),
    ...(inDevelopment ? [] : publicUrlContradictions(env)),
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
    database: postgresOf(env),
    redis: redisOf(env),
    webhookUrl: env.WEBHOOK_URL ?? null,
    temporal: temporalAt(env.TEMPORAL_HOST ?? DEFAULT_TEMPORAL_HOST, env),
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
  const publicUrl = publicUrlOf(env) ?? '';
  const mediaUrl = env.VOICE_SERVER_WS_URL ?? `${publicUrl.replace(/^http/, 'ws')}/twilio/media`;
  return {
    accountSid: env.TWILIO_ACCOUNT_SID,
    authToken: env.TWILIO_AUTH_TOKEN,
    apiBaseUrl: env.TWILIO_API_BASE_URL ?? null,
    publicUrl,
    mediaUrl: new URL(mediaUrl),
  };
}
