import { resolve } from 'node:path';
import { z } from 'zod';
import { list, wholeNumber, yesOrNo } from './fields.ts';

const databaseUrl = z
  .string()
  .refine(
    (text) =>
      text === MEMORY || (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)),
    { error: 'must be a postgres:// URL, or memory:' },
  );

/** Keeps calls in memory alone: for trials, where nothing needs to outlive the process. */
const MEMORY = 'memory:';

const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' });

/** The variables that say where calls are kept, and who hosts their lives. */
export const STORE_VARIABLES = {
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_CA_FILE: z.string().optional(),
  DB_POOL_SIZE: wholeNumber(1, 500).default(20),
  DB_MAX_OVERFLOW: wholeNumber(0, 500).default(10),
  DB_POOL_TIMEOUT: wholeNumber(1, 300).default(30),
  REDIS_URL: redisUrl.optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: wholeNumber(1, 65_535).default(6379),
  REDIS_DB: wholeNumber(0, 1_000).default(0),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_SESSION_TTL: wholeNumber(60, 604_800).default(7_200),
  TEMPORAL_HOST: z.string().optional(),
  TEMPORAL_PORT: wholeNumber(1, 65_535).default(7233),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS_ENABLED: yesOrNo.default(false),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_PAYLOAD_KEYS: list.default([]),
  WORKER_TASK_QUEUE: z.string().default('voice-ai-task-queue'),
};

type StoreVariables = z.infer<z.ZodObject<typeof STORE_VARIABLES>>;

export type DatabaseConfig =
  | { readonly type: 'memory' }
  /** PostgreSQL that comes along, with its data in this folder. */
  | ({ readonly type: 'embedded'; readonly folder: string } & PoolConfig)
  | ({
      readonly type: 'server';
      readonly url: string;
      readonly caFile: string | null;
    } & PoolConfig);

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

export function databaseOf(env: StoreVariables): DatabaseConfig {
  if (env.DATABASE_URL === MEMORY) return { type: 'memory' };
  const pool = {
    poolSize: env.DB_POOL_SIZE,
    maxOverflow: env.DB_MAX_OVERFLOW,
    poolTimeoutMs: env.DB_POOL_TIMEOUT * 1_000,
  };
  if (env.DATABASE_URL)
    return {
      type: 'server',
      url: env.DATABASE_URL,
      caFile: env.DATABASE_CA_FILE ? resolve(env.DATABASE_CA_FILE) : null,
      ...pool,
    };
  return { type: 'embedded', folder: resolve(env.DATA_DIR, 'postgres'), ...pool };
}

/** Null: sessions live in this process's memory. */
export function redisOf(env: StoreVariables): RedisConfig | null {
  const sessionTtlMs = env.REDIS_SESSION_TTL * 1_000;
  if (env.REDIS_URL) return { url: env.REDIS_URL, sessionTtlMs };
  if (!env.REDIS_HOST) return null;
  const url = new URL(`redis://${env.REDIS_HOST}:${env.REDIS_PORT}/${env.REDIS_DB}`);
  url.password = encodeURIComponent(env.REDIS_PASSWORD ?? '');
  return { url: url.href, sessionTtlMs };
}

/** Null: this process hosts the lives of calls. */
export function temporalOf(env: StoreVariables): TemporalConfig | null {
  if (!env.TEMPORAL_HOST) return null;
  return {
    address: `${env.TEMPORAL_HOST}:${env.TEMPORAL_PORT}`,
    namespace: env.TEMPORAL_NAMESPACE,
    // Temporal Cloud takes an API key over TLS only.
    tls: env.TEMPORAL_TLS_ENABLED || env.TEMPORAL_API_KEY !== undefined,
    apiKey: env.TEMPORAL_API_KEY ?? null,
    taskQueue: env.WORKER_TASK_QUEUE,
    payloadKeys: env.TEMPORAL_PAYLOAD_KEYS,
  };
}

/** What needs what: told as one issue a variable. */
export function storeContradictions({ REDIS_HOST, REDIS_PORT }: StoreVariables): string[] {
  if (!REDIS_HOST || URL.canParse(`redis://${REDIS_HOST}:${REDIS_PORT}`)) return [];
  return ['REDIS_HOST: must be a host name'];
}
