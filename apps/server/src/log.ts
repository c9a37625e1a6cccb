import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/**
 * The server's log: JSON lines, static messages, facts as fields. Errors are written by name, code
 * and place: their messages may quote what somebody said or sent.
 */
export function openLog({ logLevel }: Config, destination?: DestinationStream): Logger {
  const options = { level: logLevel, base: null, serializers: { err: describeError } };
  return destination ? pino(options, destination) : pino(options);
}

function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, code, at };
}
