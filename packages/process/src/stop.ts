import process from 'node:process';
import { wholeNumber } from './fields.ts';

/** How long what is under way may go on once the process is told to stop. */
export const GRACE_MS = wholeNumber(0, 7_200_000).default(30_000);

/** If closing takes longer than this after the grace, something hangs. */
const HARD_STOP_MS = 15_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Aborted by the first signal; a second one finds no listener and ends the process at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return stopping.signal;
}

/** Ends the process, should it still be there when all could have ended. */
export function endAfterGrace(graceMs: number): void {
  setTimeout(() => process.exit(1), graceMs + HARD_STOP_MS).unref();
}
