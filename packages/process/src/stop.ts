import { constants } from 'node:os';
import process from 'node:process';
import { wholeNumber } from './fields.ts';

/** How long what is under way may go on once the process is told to stop. */
export const GRACE_MS = wholeNumber(0, 7_200_000).default(30_000);

/** If closing takes longer than this after the grace, something hangs. */
const HARD_STOP_MS = 15_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Aborted by the first signal; a second one ends the process at once, as shells tell it, and by `exit`: what
 * has to be stopped with the process, as a database of its own, hears of that and never of a signal's default.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (stopping.signal.aborted) process.exit(128 + constants.signals[signal]);
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return stopping.signal;
}

/** Ends the process, should it still be there when all could have ended. */
export function endAfterGrace(graceMs: number): void {
  setTimeout(() => process.exit(1), graceMs + HARD_STOP_MS).unref();
}
