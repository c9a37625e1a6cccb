import type { Figure } from './figure.ts';

export interface BenchOptions {
  /** Longer runs, as for published figures. */
  readonly long: boolean;
  /** Folder with Pipecat made ready, see `docs`; null without. */
  readonly pipecat: string | null;
  /** Told what is going on; figures are returned. */
  readonly note: (line: string) => void;
}

/** One part of the bench. Ends early with the signal's reason when aborted. */
export type Section = (options: BenchOptions, signal: AbortSignal) => Promise<readonly Figure[]>;
