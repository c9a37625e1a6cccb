import { constants } from 'node:os';
import process from 'node:process';
import { wholeNumber } from './fields.ts';

/** How long what is under way may go on once the process is told to stop. */
export const GRACE_MS = wholeNumber(0, 7_200_000).default(30_000);

/** If closing takes longer than this after the grace, something hangs. */
const HARD_STOP_MS = 15_000;

type StopSignal = 'SIGINT' | 'SIGTERM';

/**
 * One Ctrl-C may arrive twice: at all processes of the terminal, and passed on by npm or whoever else started
 * us. Nobody decides so fast that all is to end at once.
 */
const SAME_SIGNAL_MS = 500;

/** What signals mean, by when they come. */
export class StopSignals {
  readonly #nowMs: () => number;
  #first: { readonly signal: StopSignal; readonly atMs: number } | null = null;

  /** `nowMs`: a clock that never goes back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The first lets things end; `again` is another one that wants it at once, `same` the first once more. */
  told(signal: StopSignal): 'first' | 'same' | 'again' {
    const atMs = this.#nowMs();
    if (this.#first === null) {
      this.#first = { signal, atMs };
      return 'first';
    }
    const isSame = signal === this.#first.signal && atMs - this.#first.atMs < SAME_SIGNAL_MS;
    return isSame ? 'same' : 'again';
  }
}

/**
 * Aborted by the first of these signals; a second one ends the process at once, as shells tell it, and by `exit`: what
 * has to be stopped with the process, as a database of its own, hears of that and never of a signal's default.
 */
export function stopSignal(signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']): AbortSignal {
  const stopping = new AbortController();
  const told = new StopSignals();
  const stop = (signal: StopSignal) => {
    const meaning = told.told(signal);
    if (meaning === 'again') process.exit(128 + constants.signals[signal]);
    if (meaning === 'first') stopping.abort();
  };
  for (const signal of signals) process.on(signal, () => stop(signal));
  return stopping.signal;
}

/** Ends the process, should it still be there when all could have ended. */
export function endAfterGrace(graceMs: number): void {
  setTimeout(() => process.exit(1), graceMs + HARD_STOP_MS).unref();
}
