import { bisect } from './bisect.ts';
import { type Peer, type Run, run } from './bridge-run.ts';
import type { Command } from './pinned-process.ts';
import type { BenchOptions } from './section.ts';

/** How much later than that of a single call the 99th percentile of arrivals may be. */
const LATE_LIMIT_MS = 20;
/** Voice windows that the model did not judge in time, of those of a call's second. */
const UNANSWERED_A_SECOND = 0.03;
const ALONE_SECONDS = 6;
const PROBE_SECONDS = 12;
const FINAL_SECONDS = 60;
/** With so much of the core to spare, a run that fails was disturbed by something else: it is made again. */
const SPARE_PERCENT = 85;
/** How much less is tried when a long run fails. */
const STEP_BACK = 0.05;

/** What was found of one server. */
export interface Found {
  readonly peer: Peer;
  /** A single call: what the server adds when it has nothing else to do. */
  readonly alone: Run;
  /** The most calls that were carried; null if no load was. */
  readonly most: Run | null;
}

/**
 * The most calls a server carries. A run passes when all audio came, no call was lost and the 99th
 * percentile of lateness is less than 20 ms above that of a single call.
 */
export async function search(
  peer: Peer,
  client: Command,
  { long, note }: BenchOptions,
  signal: AbortSignal,
): Promise<Found> {
  const alone = await best(() => run(peer, client, { calls: 1, seconds: ALONE_SECONDS }, signal));
  note(`${peer.name}: ${describe(alone)}`);
  const probe = async (calls: number, seconds: number, triesLeft = 1): Promise<Run | null> => {
    const result = await attempt(() => run(peer, client, { calls, seconds }, signal), signal);
    if (result instanceof Error) note(`${peer.name}: ${calls} calls: ${result.message}`);
    if (result instanceof Error) return null;
    const passed = isCarried(result, alone, peer, seconds);
    const again = !passed && triesLeft > 0 && result.serverCpuPercent < SPARE_PERCENT;
    const failed = again ? 'once more' : 'too many';
    note(`${peer.name}: ${describe(result)}: ${passed ? 'carried' : failed}`);
    if (again) return probe(calls, seconds, triesLeft - 1);
    return passed ? result : null;
  };
  let most = await bisect(peer.guess, (calls) => probe(calls, PROBE_SECONDS));
  while (long && most) {
    const confirmed = await probe(most.calls, FINAL_SECONDS);
    if (confirmed) return { peer, alone, most: confirmed };
    const fewer = Math.floor(most.calls * (1 - STEP_BACK));
    most = fewer > 0 ? { ...most, calls: fewer } : null;
  }
  return { peer, alone, most };
}

/** The better of two, so that one disturbance does not widen the limit for all that follows. */
async function best(work: () => Promise<Run>): Promise<Run> {
  const [first, second] = [await work(), await work()];
  return first.lateP99Ms < second.lateP99Ms ? first : second;
}

/** A server or client that breaks under load has failed the probe, not the bench. */
async function attempt<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isCarried(result: Run, alone: Run, { heldMs }: Peer, seconds: number): boolean {
  const inTime = result.lateP99Ms < alone.lateP99Ms + LATE_LIMIT_MS;
  const judged = result.unanswered <= result.calls * seconds * UNANSWERED_A_SECOND;
  return inTime && judged && result.missingMs <= heldMs && result.lost === 0;
}

function describe(result: Run): string {
  const { calls, lateP99Ms, missingMs, lost, unanswered, delayP50Ms, serverCpuPercent } = result;
  return [
    `${calls} calls: p99 ${lateP99Ms} ms late, ${missingMs} ms missing, ${lost} lost`,
    `${unanswered} windows unanswered, ${delayP50Ms} ms through, process ${serverCpuPercent} % busy`,
  ].join(', ');
}
