import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { list, wholeNumber, yesOrNo } from './fields.ts';

const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' });

/** As a URL has it. */
const host = z
  .string()
  .transform((text) => (isIPv6(text) ? `[${text}]` : text))
  .refine((text) => URL.canParse(`redis://${text}:1`), 'must be a host name');

/** The variables that say where calls are kept, and who hosts their lives. */
export const STORE_VARIABLES = {
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.string().refine(isPostgresUrl, 'must be a postgres:// URL').optional(),
  DATABASE_CA_FILE: z.string().optional(),
  DB_POOL_SIZE: wholeNumber(1, 500).default(20),
  DB_MAX_OVERFLOW: wholeNumber(0, 500).default(10),
  DB_POOL_TIMEOUT: wholeNumber(1, 300).default(30),
  REDIS_URL: redisUrl.optional(),
  REDIS_HOST: host.optional(),
  REDIS_PORT: wholeNumber(1, 65_535).default(6379),
  REDIS_DB: wholeNumber(0, 1_000).default(0),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_SESSION_TTL: wholeNumber(60, 604_800).default(7_200),
  TEMPORAL_HOST: host.optional(),
  TEMPORAL_PORT: wholeNumber(1, 65_535).default(7233),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS_ENABLED: yesOrNo.default(false),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_PAYLOAD_KEYS: list.default([]),
  WORKER_TASK_QUEUE: z.string().default('voice-ai-task-queue'),
};

export type StoreVariables = z.infer<z.ZodObject<typeof STORE_VARIABLES>>;

export type PostgresConfig = PoolConfig &
  (
    | {
        readonly type: 'server';
        readonly url: string;
        /** Absolute. Null: the well-known authorities. */
        readonly caFile: string | null;
      }
    /** The one that comes along with the server, with its data in this folder. */
    | { readonly type: 'embedded'; readonly folder: string }
  );

interface PoolConfig {
  readonly poolSize: number;
  readonly maxOverflow: number;
  readonly poolTimeoutMs: number;
}

export interface RedisConfig {
  readonly url: string;
  readonly sessionTtlMs: number;
}

export interface TemporalConfig {
  /** Host and port. */
  readonly address: string;
  readonly namespace: string;
  readonly tls: boolean;
  readonly apiKey: string | null;
  readonly taskQueue: string;
  /** 32 bytes each, hexadecimal or base64: what calls tell Temporal is closed with the first. */
  readonly payloadKeys: readonly string[];
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '');
}

export function postgresOf(env: StoreVariables): PostgresConfig {
  const pool = {
    poolSize: env.DB_POOL_SIZE,
    maxOverflow: env.DB_MAX_OVERFLOW,
    poolTimeoutMs: env.DB_POOL_TIMEOUT * 1_000,
  };
  const { DATABASE_URL: url, DATABASE_CA_FILE: caFile } = env;
  if (url) return { type: 'server', url, caFile: caFile ? resolve(caFile) : null, ...pool };
  return { type: 'embedded', folder: resolve(env.DATA_DIR, 'postgres'), ...pool };
}

/** Null: none is named. */
export function redisOf(env: StoreVariables): RedisConfig | null {
  const sessionTtlMs = env.REDIS_SESSION_TTL * 1_000;
  if (env.REDIS_URL) return { url: env.REDIS_URL, sessionTtlMs };
  if (!env.REDIS_HOST) return null;
  const url = new URL(`redis://${env.REDIS_HOST}:${env.REDIS_PORT}/${env.REDIS_DB}`);
  url.password = encodeURIComponent(env.REDIS_PASSWORD ?? '');
  return { url: url.href, sessionTtlMs };
}

export function temporalAt(temporalHost: string, env: StoreVariables): TemporalConfig {
  return {
    address: `${temporalHost}:${env.TEMPORAL_PORT}`,
    namespace: env.TEMPORAL_NAMESPACE,
    // Temporal Cloud takes an API key over TLS only.
    tls: env.TEMPORAL_TLS_ENABLED || env.TEMPORAL_API_KEY !== undefined,
    apiKey: env.TEMPORAL_API_KEY ?? null,
    taskQueue: env.WORKER_TASK_QUEUE,
    payloadKeys: env.TEMPORAL_PAYLOAD_KEYS,
  };
}
