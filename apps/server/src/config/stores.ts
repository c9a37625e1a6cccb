import {
  isPostgresUrl,
  type PostgresConfig,
  postgresOf,
  type StoreVariables,
} from '@earshot/process';
import { z } from 'zod';

/** Keeps calls in memory alone: for trials, where nothing needs to outlive the process. */
const MEMORY = 'memory:';

/** As every process has it, or memory. */
export const DATABASE_URL = z
  .string()
  .refine((text) => text === MEMORY || isPostgresUrl(text), 'must be a postgres:// URL, or memory:')
  .optional();

export type DatabaseConfig = { readonly type: 'memory' } | PostgresConfig;

export function databaseOf(env: StoreVariables): DatabaseConfig {
  return env.DATABASE_URL === MEMORY ? { type: 'memory' } : postgresOf(env);
}
