import type { CallPlan } from './call.ts';
import type { CallProgressNote } from './call-store.ts';
import type { CarrierCall } from './carrier.ts';
import type { Outcome } from './outcome.ts';
import type { CallProgress } from './progress.ts';
import type { CallReport } from './report.ts';

/** What came of a dial. JSON. */
export type DialResult =
  | { readonly type: 'dialled'; readonly carrierCallId: string }
  /** It may ring or not: to be looked up, never to be dialled again. */
  | { readonly type: 'ambiguous' }
  | {
      readonly type: 'failed';
      readonly reason: 'number-refused' | 'dial-refused' | 'carrier-down';
    };

/**
 * What the script does to the world besides waiting. Each may be asked twice, `dial` excepted; a
 * `dial` that rejects counts as ambiguous. Arguments and results are JSON. `find`, `lookUp` and
 * `hangUp` may reject after their own retries; the script goes on then. The others are retried by
 * the host until they work.
 */
export interface CallActivities {
  /** Keeps the call that began then. False: it was dialled before, or has ended. */
  begin(plan: CallPlan, carrierCallId: string | null, beganAtMs: number): Promise<boolean>;
  /** Waits until the carrier may be asked to dial, or rejects when it may not be any more. The script does not wait for it when the call is canceled. `stopped`: nobody waits any more. */
  turn(plan: CallPlan, stopped?: AbortSignal): Promise<void>;
  /** Keeps, if it can, that the call is about to be dialled, and dials. */
  dial(plan: CallPlan): Promise<DialResult>;
  /** The call that an unclear dial may have led to. */
  find(plan: CallPlan): Promise<CarrierCall | null>;
  lookUp(carrierCallId: string): Promise<CarrierCall | null>;
  hangUp(carrierCallId: string): Promise<void>;
  /** Keeps what is new and tells whoever watches. The script does not wait for it. */
  note(plan: CallPlan, note: CallProgressNote): Promise<void>;
  /** Keeps the outcome, tells whoever watches, forgets the session. */
  settle(plan: CallPlan, outcome: Outcome, endedAtMs: number): Promise<void>;
}

/** What hosts a call's script: Temporal's workflow, or a process of ours. */
export interface World {
  /** All that was reported so far. */
  readonly progress: CallProgress;
  readonly activities: CallActivities;
  /** Adds what the script found out by itself to the progress. */
  learn(report: CallReport): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** True once the condition holds, false after so long. Asked again after each report. */
  until(condition: () => boolean, timeoutMs: number): Promise<boolean>;
  /** Does its work to the end, whoever has cancelled. */
  uncancellable<T>(work: () => Promise<T>): Promise<T>;
  isCancellation(error: unknown): boolean;
}
