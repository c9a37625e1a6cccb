import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface WriteOptions {
  /** Whoever does not read for so long is let go. */
  readonly slowMs: number;
  readonly signal: AbortSignal;
}

/** Writes what comes, no faster than it is read, until its end, the signal's, or the reader's. */
export async function writeAll(
  to: Writable,
  texts: AsyncIterable<string>,
  { slowMs, signal }: WriteOptions,
): Promise<void> {
  for await (const text of texts) {
    if (signal.aborted) return;
    if (!to.write(text) && !(await drained(to, slowMs, signal))) return;
  }
}

async function drained(to: Writable, slowMs: number, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(slowMs)]);
  try {
    await once(to, 'drain', { signal: patience });
    return true;
  } catch {
    to.destroy();
    return false;
  }
}
