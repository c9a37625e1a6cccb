import type { AnsweredBy, MachineDetection } from './call.ts';

/** The carrier's own words for where a call is. */
export const CARRIER_STATUSES = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
] as const;
export type CarrierStatus = (typeof CARRIER_STATUSES)[number];

/** What the carrier needs to dial. URLs of callbacks hold our call id, so that a lost answer can be looked up. */
export interface DialOrder {
  readonly callId: string;
  readonly to: string;
  readonly from: string;
  readonly ringTimeoutMs: number;
  /** The carrier ends the call by itself then. */
  readonly maxDurationMs: number;
  readonly machineDetection: MachineDetection;
}

/** A call by both of its ids: URLs of callbacks hold ours. */
export interface PhoneLeg {
  readonly callId: string;
  readonly carrierCallId: string;
}

/** A call as the carrier tells of it when asked. */
export interface CarrierCall {
  readonly carrierCallId: string;
  readonly status: CarrierStatus;
  readonly answeredBy: AnsweredBy | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
}

/** Places and ends phone calls. All failures are `CallError`s. */
export interface Carrier {
  /**
   * Dials once and returns the carrier's id. `carrier-refused`: it will not ring; `carrier-busy` and
   * `carrier-unavailable`: it was not carried out and may be tried again; `carrier-ambiguous`: it may
   * ring, and `find` tells.
   */
  dial(order: DialOrder, signal: AbortSignal): Promise<string>;
  /** The call that was dialled with this id of ours at or after `sinceMs`, or null when there is none. */
  find(order: DialOrder, sinceMs: number, signal: AbortSignal): Promise<CarrierCall | null>;
  /** Null when the carrier does not know it. */
  lookUp(carrierCallId: string, signal: AbortSignal): Promise<CarrierCall | null>;
  /** Ends the phone leg, ringing or live. Resolves, too, when it is over already. */
  hangUp(carrierCallId: string, signal: AbortSignal): Promise<void>;
  /** Connects the caller with another number; back to the agent when nobody answers there. `call-over` when it is too late. */
  transfer(leg: PhoneLeg, to: string, signal: AbortSignal): Promise<void>;
  /** Presses keys in a live call: `0–9 * # w`. */
  sendDigits(leg: PhoneLeg, digits: string, signal: AbortSignal): Promise<void>;
}
