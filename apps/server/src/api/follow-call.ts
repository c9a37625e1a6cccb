import {
  type Call,
  type CallStore,
  callJson,
  type LiveEvent,
  type LiveEvents,
} from '@earshot/calls';
import { CallHistory, type FollowedEvent } from './call-history.ts';
import { findCall } from './find-call.ts';
import { COMMAND } from './live-commands.ts';

export interface FollowParts {
  readonly store: CallStore;
  readonly events: LiveEvents;
}

/** What nobody told, or what was lost on the way, is found in the record this often. */
const LOOK_EVERY_MS = 2_000;
/** What instances tell each other, and nobody else. */
const AMONG_US = [COMMAND, 'session-claimed'];
/** Until so long after its end the last of a call may still be on its way into the record. */
const FRESH_MS = 10_000;

/**
 * What has happened in a call since `after`, then what happens, on whichever instance, in order and
 * without gaps; the phase of a live call first, and again whenever it changes. The last is its end, also
 * where the signal comes with it.
 */
export async function* followCall(
  { store, events }: FollowParts,
  callId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent> {
  // Begun before the history is read: nothing falls between the two.
  const live = events.listen(callId, signal)[Symbol.asyncIterator]();
  const history = new CallHistory(store, callId, after, signal);
  try {
    let call = await findCall(store, callId);
    if (call.phase !== 'ended') yield phaseEvent(call);
    yield* history.rest();
    for (let next = live.next(); call.phase !== 'ended' && !signal.aborted; ) {
      const told = await orSilence(next);
      if (told?.done) break;
      if (told) next = live.next();
      if (told && AMONG_US.includes(told.value.type)) continue;
      if (told && told.value.type !== 'phase') yield* history.with(told.value);
      else {
        const { phase } = call;
        call = await findCall(store, callId);
        yield* history.rest();
        if (call.phase !== phase && call.phase !== 'ended') yield phaseEvent(call);
      }
    }
    // Its end may be what the server has waited for before it stops.
    if (signal.aborted) call = await findCall(store, callId);
    if (call.phase !== 'ended') return;
    if (Date.now() - (call.endedAtMs ?? 0) < FRESH_MS) yield* history.last();
    if (signal.aborted) yield* history.rest();
    yield phaseEvent(call);
  } finally {
    await live.return?.();
  }
}

function phaseEvent(call: Call): FollowedEvent {
  const { status, phase, outcome } = callJson(call);
  const data = { call_id: call.id, status, phase, outcome };
  return { serial: null, type: 'phase', atMs: sinceMs(call), data };
}

/** When the call came into the phase that it is in. */
function sinceMs({ phase, createdAtMs, ringingAtMs, answeredAtMs, endedAtMs }: Call): number {
  const moments = { queued: null, ringing: ringingAtMs, answered: answeredAtMs, ended: endedAtMs };
  return moments[phase] ?? createdAtMs;
}

/** Null when nothing is told for a while. */
async function orSilence(
  next: Promise<IteratorResult<LiveEvent>>,
): Promise<IteratorResult<LiveEvent> | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, LOOK_EVERY_MS, null);
  try {
    return await Promise.race([next, promise]);
  } finally {
    clearTimeout(timer);
  }
}
