import { type DestinationStream, type Logger, pino } from 'pino';
import { z } from 'zod';
import { choice } from './fields.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LEVELS)[number];

export const LOG_LEVEL = z
  .preprocess(
    (given) => {
      const level = String(given).toLowerCase();
      return level === 'warning' ? 'warn' : level;
    },
    choice(...LEVELS),
  )
  .default('info');

/**
 * The log of a process: JSON lines, static messages, facts as fields. Errors are written by name, code
 * and place: their messages may quote what somebody said or sent.
 */
export function openLog(
  { logLevel }: { readonly logLevel: LogLevel },
  destination?: DestinationStream,
): Logger {
  const serializers = { err: describeError, error: describeError };
  const options = { level: logLevel, base: null, serializers };
  return destination ? pino(options, destination) : pino(options);
}

function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, code, at };
}
