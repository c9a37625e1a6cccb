import type { CallPlan } from './call.ts';
import { CallError } from './call-error.ts';
import type { CallStore } from './call-store.ts';
import type { Carrier, DialOrder } from './carrier.ts';
import type { LifeEvent } from './lifecycle.ts';
import type { Outcome } from './outcome.ts';
import type { SessionStore } from './session-store.ts';
import type { CallActivities, DialResult } from './world.ts';

/** Resolves when the next call may be dialled. */
export interface DialTurns {
  turn(signal: AbortSignal): Promise<void>;
}

export interface CallActivityParts {
  readonly carrier: Carrier;
  readonly store: CallStore;
  readonly sessions: Pick<SessionStore, 'end'>;
  /** None: calls are dialled at once. */
  readonly queue?: DialTurns;
  /** Tells the rest of the house. What it rejects is told again: whoever listens knows the call's id and phase. */
  readonly announce: (event: LifeEvent) => Promise<void> | void;
  /** This process, where several that share the store host calls' lives. */
  readonly host?: string;
  readonly now?: () => number;
  /** Gives up what is asked of the carrier. */
  readonly signal?: AbortSignal;
}

/** The script ends a call before the carrier's own limit does, so that the reason is known. */
const CARRIER_MARGIN_MS = 60_000;
/** A call without a row was dialled within this time. */
const RECENT_MS = 10 * 60_000;

/** Twilio's codes for a number that it does not take while it may take others. The rest concerns the account. */
const NUMBER_CODES: ReadonlySet<number> = new Set([
  13223, 13224, 13225, 13226, 13227, 21201, 21211, 21214, 21215, 21216, 21217, 21219,
]);

/** What a call's script does, on any host. */
export function callActivities(parts: CallActivityParts): CallActivities {
  const { carrier, store, sessions, queue, announce, now = Date.now } = parts;
  const signal = parts.signal ?? new AbortController().signal;
  return {
    async begin(plan, carrierCallId, beganAtMs) {
      await store.create(plan, beganAtMs, carrierCallId, parts.host ?? null);
      const call = await store.find(plan.id);
      if (call?.phase === 'ended') return false;
      if (call?.phase === 'queued') await announce({ type: 'phase', call });
      return call !== null && call.dialledAtMs === null;
    },

    turn: async (_plan, stopped = signal) => queue?.turn(AbortSignal.any([signal, stopped])),

    async dial(plan) {
      // The host dials once, whatever the row says; the script notes the moment again.
      await store.note(plan.id, { dialledAtMs: now() }).catch(() => undefined);
      try {
        return { type: 'dialled', carrierCallId: await carrier.dial(orderOf(plan), signal) };
      } catch (error) {
        return failureOf(error);
      }
    },

    async find(plan) {
      const call = await store.find(plan.id).catch(() => null);
      const sinceMs = call?.dialledAtMs ?? call?.createdAtMs ?? now() - RECENT_MS;
      return carrier.find(orderOf(plan), sinceMs, signal);
    },

    lookUp: (carrierCallId) => carrier.lookUp(carrierCallId, signal),
    hangUp: (carrierCallId) => carrier.hangUp(carrierCallId, signal),

    async note(plan, note) {
      await store.note(plan.id, note);
      if (note.phase === undefined) return;
      const call = await store.find(plan.id);
      if (call?.phase === note.phase) await announce({ type: 'phase', call });
    },

    async settle(plan, outcome, endedAtMs) {
      const settled = await store.settle(plan.id, outcome, endedAtMs);
      await announceEnd(parts, plan, settled, outcome, endedAtMs);
      // A session that cannot be ended now expires by itself.
      await sessions.end(plan.id).catch(() => undefined);
    },
  };
}

/** Once for each call; again only if this very settling is repeated because it was not finished. */
async function announceEnd(
  { store, announce }: CallActivityParts,
  plan: CallPlan,
  settled: boolean,
  { reason }: Outcome,
  endedAtMs: number,
): Promise<void> {
  const call = await store.find(plan.id);
  if (call?.phase !== 'ended') return;
  const isOurs = call.outcome?.reason === reason && call.endedAtMs === endedAtMs;
  if (settled || isOurs) await announce({ type: 'ended', call });
}

function orderOf(plan: CallPlan): DialOrder {
  const { id, to, from, ringTimeoutMs, maxDurationMs, machineDetection } = plan;
  const limitMs = maxDurationMs + CARRIER_MARGIN_MS;
  return { callId: id, to, from, ringTimeoutMs, maxDurationMs: limitMs, machineDetection };
}

/** Whatever does not surely say that nothing rings is ambiguous. */
function failureOf(error: unknown): DialResult {
  if (!(error instanceof CallError)) return { type: 'ambiguous' };
  switch (error.code) {
    case 'carrier-refused':
      return {
        type: 'failed',
        reason: NUMBER_CODES.has(error.carrierCode ?? 0) ? 'number-refused' : 'dial-refused',
      };
    case 'bad-number':
    case 'destination-not-allowed':
      return { type: 'failed', reason: 'number-refused' };
    case 'carrier-busy':
    case 'carrier-unavailable':
      return { type: 'failed', reason: 'carrier-down' };
    default:
      return { type: 'ambiguous' };
  }
}
