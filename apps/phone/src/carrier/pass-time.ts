import { once } from 'node:events';
import { type Clock, FRAME_MS } from './frame-clock.ts';

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Waits on the calls' clock, unless something comes first. */
export async function passes(
  clock: Clock,
  ms: number,
  first: Promise<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let leftMs = ms;
  using _ticking = clock.join(() => {
    leftMs -= FRAME_MS;
    if (leftMs <= 0) resolve();
  });
  await Promise.race([promise, first, ...(signal ? [aborted(signal)] : [])]);
}

/** Waits on the calls' clock. Resolves early, and without complaint, when `signal` aborts. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await passes(clock, ms, aborted(signal));
}
