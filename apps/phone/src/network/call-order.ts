import type { Method } from '../carrier/verb.ts';
import type { MachineDetection } from './machine-detection.ts';

export const CALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const;
export type CallEventName = (typeof CALL_EVENTS)[number];

export interface Address {
  readonly url: string;
  readonly method: Method;
}

export interface StatusCallbackOrder extends Address {
  readonly events: readonly CallEventName[];
}

export interface RecordingOrder {
  readonly channels: 1 | 2;
  readonly track: 'inbound' | 'outbound' | 'both';
  readonly source: 'OutboundAPI' | 'StartCallRecordingAPI';
  readonly callback: (Address & { readonly events: readonly string[] }) | null;
}

/** What a call is to be: of `POST Calls.json`, or of the number that is called. */
export interface CallOrder {
  readonly to: string;
  readonly from: string;
  readonly direction: 'inbound' | 'outbound-api';
  /** Where the call begins: TwiML itself, or where to ask. */
  readonly begin: { readonly twiml: string } | Address;
  readonly fallback: Address | null;
  readonly statusCallback: StatusCallbackOrder | null;
  readonly ringTimeoutMs: number;
  readonly timeLimitMs: number;
  /** Pressed after the answer; `w` waits half a second, `W` a second. */
  readonly sendDigits: string;
  readonly machineDetection: MachineDetection | null;
  readonly recording: RecordingOrder | null;
}
