import type { Caller } from '../caller/caller.ts';
import type { Dialled } from '../carrier/run-dial.ts';
import { type Callee, calleeWho } from './callee.ts';
import type { Exchange } from './exchange.ts';

/** Two seconds of tone and four of quiet. */
const RING_MS = 6_000;

/** Rings another number for `<Dial>` of a call. */
export async function dialOn(
  number: string,
  timeoutMs: number,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<Dialled> {
  const known = /^\+[1-9]\d{6,14}$/.test(number);
  const callee = known ? exchange.options.callees.of(number) : calleeWho('unreachable');
  if (callee.does === 'unreachable') return { status: 'failed' };
  const rung = await ringCallee(callee, timeoutMs, exchange, signal);
  if (signal.aborted) return { status: 'canceled' };
  return typeof rung === 'string' ? { status: rung } : { status: 'answered', callee: rung };
}

/** Who picks up, or why nobody does. Speech is made while it rings. */
export async function ringCallee(
  callee: Callee,
  timeoutMs: number,
  { options: { pace, studio } }: Exchange,
  signal: AbortSignal,
): Promise<Caller | 'busy' | 'no-answer'> {
  const ringsMs = callee.rings * RING_MS;
  if (callee.does === 'no-answer' || ringsMs > timeoutMs) {
    await pace.pass(timeoutMs, signal);
    return 'no-answer';
  }
  const making = studio.person(callee, signal);
  // Told below, when it has rung; a call that is given up meanwhile does not want to know.
  making.catch(() => {});
  await pace.pass(ringsMs, signal);
  if (callee.does === 'busy' || callee.does === 'rejects') return 'busy';
  if (signal.aborted) return 'no-answer';
  return making;
}
