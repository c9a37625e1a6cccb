import process from 'node:process';
import { parseArgs } from 'node:util';
import { failureOf, type ProcessFailure } from './failure.ts';
import { stopSignal } from './stop.ts';

export interface ProcessOptions {
  /** What `--help` prints, instead of anything else. */
  readonly usage: string;
  /** Resolves when its work has ended; soon after `signal` is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Where more is known of some errors. */
  readonly failureOf?: (error: unknown) => ProcessFailure;
}

/**
 * A process from its command line to its end. The first SIGINT or SIGTERM lets what is under way end, a
 * second one ends the process at once; the same within half a second is still the first. A failure is told on stderr; to have been told to stop is none.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { usage, run, failureOf: explain = failureOf } = options;
  const signal = stopSignal();
  try {
    if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${usage}\n`);
    else await run(signal);
  } catch (error) {
    if (signal.aborted && isAbort(error)) return;
    const { text, exitCode } = explain(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Throws an Error with a `code` for any other argument. */
function asksForHelp(args: string[]): boolean {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  return parseArgs({ args, options }).values.help === true;
}
