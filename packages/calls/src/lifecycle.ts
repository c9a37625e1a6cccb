import type { Call, CallPlan, Phase } from './call.ts';
import type { Outcome } from './outcome.ts';
import type { CallReport } from './report.ts';

/** How far a call has come, as its own script knows it. */
export interface LifecycleState {
  readonly phase: Phase;
  readonly carrierCallId: string | null;
  readonly outcome: Outcome | null;
}

/** Hosts the script of each call. All failures are `CallError`s. */
export interface CallLifecycle {
  /**
   * Begins the call's life. Of an inbound call the carrier's id is known. Starting it again is no
   * error and changes nothing. Rejects with `lifecycle-unavailable` when nothing was begun.
   */
  start(plan: CallPlan, carrierCallId: string | null, signal: AbortSignal): Promise<void>;
  /** Tells the script; resolves once that cannot get lost. `call-not-found` when it is over or unknown. */
  report(callId: string, report: CallReport, signal: AbortSignal): Promise<void>;
  /** Null when it was never started here. */
  state(callId: string, signal: AbortSignal): Promise<LifecycleState | null>;
  /** Waits for the end; rejects with the signal's reason, or `call-not-found`. */
  outcome(callId: string, signal: AbortSignal): Promise<Outcome>;
}

/** What a call's life is told to the rest of the house; each at least once. */
export type LifeEvent =
  | { readonly type: 'phase'; readonly call: Call }
  | { readonly type: 'ended'; readonly call: Call };
