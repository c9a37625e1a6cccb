import { CallError } from '@earshot/calls';
import pg from 'pg';

/**
 * The database's failure as ours. What PostgreSQL, its driver and Drizzle say may quote rows and
 * parameters, so that only codes are passed on, and never the error itself.
 */
export function storeFailure(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const code = codeOf(error);
  return new CallError(
    'store-unavailable',
    `The database could not be used (${code ?? 'no code'}).`,
  );
}

/** The server itself said no: the connection is well. */
export function isAnswer(error: unknown): boolean {
  return causes(error).some((cause) => cause instanceof pg.DatabaseError);
}

/** SQLSTATE (`23505`) or system error (`ECONNREFUSED`), at whatever depth it is. */
export function codeOf(error: unknown): string | null {
  for (const cause of causes(error))
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return null;
}

function causes(error: unknown, depth = 0): readonly Error[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const next = error instanceof AggregateError ? error.errors[0] : error.cause;
  return [error, ...causes(next, depth + 1)];
}
