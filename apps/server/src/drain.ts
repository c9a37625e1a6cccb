import type { OpenedServices } from './compose/open-services.ts';
import { PendingCalls } from './pending-calls.ts';

const REASON = 'The server is stopping';

/**
 * Takes no new calls; those that are here, or ring, have their grace. Resolves once they have ended,
 * or it is over: then nothing is left ringing. With Temporal the lives of calls go on without us.
 */
export async function drain(services: OpenedServices, graceMs: number): Promise<void> {
  const { readiness, calls, config } = services;
  const endsAtMs = performance.now() + graceMs;
  const leftMs = () => Math.max(0, endsAtMs - performance.now());
  readiness.drain(REASON);
  const over = setTimeout(() => readiness.close(REASON), graceMs);
  const pending = config.temporal ? null : new PendingCalls(services);
  await Promise.all([calls.drain(graceMs), pending?.drain(graceMs)]);
  // Some were answered meanwhile, others have lost their stream and get another.
  do await calls.drain(leftMs());
  while (await pending?.drain(leftMs()));
  await pending?.kept();
  clearTimeout(over);
  readiness.close(REASON);
}
