import { setTimeout as wait } from 'node:timers/promises';
import type { CallPlan, MediaEnding } from '@earshot/calls';
import type { Services } from './services.ts';

const LOOK_EVERY_MS = 100;
/** Hanging up is one request to the carrier. */
const END_TIMEOUT_MS = 3_000;
/** Keeping an end is one write to the record. */
const KEEP_TIMEOUT_MS = 1_000;
/** Whoever holds these now, it is not us. */
const AWAY: readonly (MediaEnding | null)[] = ['moved', 'transferring'];

/** Not dialled yet, dialled and not answered, or there and soon to be heard. */
type Stage = 'waiting' | 'ringing' | 'connecting';

interface Pending {
  readonly callId: string;
  readonly stage: Stage;
}

export type PendingCallsParts = Pick<Services, 'plans' | 'store' | 'lifecycle' | 'calls' | 'log'>;

/** Calls that live in this process, as their lives do, and whose audio is not here yet, or not again. */
export class PendingCalls {
  readonly #parts: PendingCallsParts;

  constructor(parts: PendingCallsParts) {
    this.#parts = parts;
  }

  /**
   * Ends those that are not dialled yet, and lets the others come about for so long; what still rings
   * then is ended. True when it has waited: some may live now. Never rejects.
   */
  async drain(graceMs: number): Promise<boolean> {
    const endsAtMs = performance.now() + graceMs;
    for (let waited = false; ; waited = true) {
      const pending = await this.#look();
      await this.#end(pending, 'waiting');
      const leftMs = endsAtMs - performance.now();
      if (pending.every(({ stage }) => stage === 'waiting')) return waited;
      if (leftMs <= 0) {
        await this.#end(pending, 'ringing');
        return false;
      }
      await wait(Math.min(LOOK_EVERY_MS, leftMs));
    }
  }

  /** Resolves once the ends that are decided are kept, so that whoever watches can be told. Never rejects. */
  async kept(): Promise<void> {
    const { plans, lifecycle } = this.#parts;
    const signal = AbortSignal.timeout(KEEP_TIMEOUT_MS);
    const keeping = plans.all().map(async ({ id }) => {
      const state = await lifecycle.state(id, signal);
      if (state?.phase === 'ended') await lifecycle.outcome(id, signal);
    });
    await Promise.allSettled(keeping);
  }

  async #look(): Promise<readonly Pending[]> {
    const looks = this.#parts.plans.all().map(async (plan) => {
      const stage = await this.#stageOf(plan);
      return stage === null ? [] : [{ callId: plan.id, stage }];
    });
    return (await Promise.all(looks)).flat();
  }

  /** Null: it lives, it is over, or it is elsewhere. */
  async #stageOf({ id, direction }: CallPlan): Promise<Stage | null> {
    const { calls, lifecycle, store } = this.#parts;
    if (calls.has(id) || AWAY.includes(calls.ending(id))) return null;
    const signal = AbortSignal.timeout(END_TIMEOUT_MS);
    const state = await lifecycle.state(id, signal).catch(() => null);
    if (state === null || state.phase === 'ended') return null;
    if (direction === 'inbound' || state.phase === 'answered') return 'connecting';
    if (state.carrierCallId !== null) return 'ringing';
    const call = await store.find(id).catch(() => null);
    return typeof call?.dialledAtMs === 'number' ? 'ringing' : 'waiting';
  }

  async #end(pending: readonly Pending[], only: Stage): Promise<void> {
    const { lifecycle, log } = this.#parts;
    const ending = pending.filter(({ stage }) => stage === only);
    if (ending.length === 0) return;
    log.info({ calls: ending.length, stage: only }, 'calls ended because the server stops');
    const signal = AbortSignal.timeout(END_TIMEOUT_MS);
    const ends = ending.map(async ({ callId }) => {
      try {
        await lifecycle.report(callId, { type: 'terminate', atMs: Date.now() }, signal);
        await lifecycle.outcome(callId, signal);
      } catch (err) {
        log.warn({ err, callId }, 'call not ended in time');
      }
    });
    await Promise.all(ends);
  }
}
