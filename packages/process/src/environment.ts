import type { z } from 'zod';
import { choice } from './fields.ts';

export const ENVIRONMENT = choice('development', 'staging', 'production').default('development');

/** What is wrong with the environment: every variable, by name and never with its value. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad-environment';
}

/**
 * Reads the variables of `schema`, without the spaces and line ends around them, as files bring them; those
 * that are empty count as not set. Throws one error that
 * names all that is wrong: with each variable, or else what `contradictions` finds in all of them together.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
  contradictions: (env: z.output<Schema>) => readonly string[],
): z.output<Schema> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  const set = Object.fromEntries(trimmed.filter(([, value]) => value));
  const parsed = schema.safeParse(set);
  const issues = parsed.success ? contradictions(parsed.data) : explain(parsed.error);
  if (!parsed.success || issues.length > 0)
    throw new ConfigError(`Bad environment:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  return parsed.data;
}

function explain({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
