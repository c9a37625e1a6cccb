import type { Caller } from '../caller/caller.ts';
import type { CallObserver, CallOutcome, Finding } from './call-observer.ts';
import type { Clock } from './frame-clock.ts';

/** One inbound call as the carrier sees it. */
export interface CallOptions {
  /** The number's voice webhook, http or https, signed exactly as written here. */
  readonly voiceUrl: string;
  /** Asked when `voiceUrl` has no usable answer. */
  readonly fallbackUrl?: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly to: string;
  readonly caller: Caller;
  readonly observer?: CallObserver;
  /** Give all calls of a process the same clock. */
  readonly clock?: Clock;
  /** The voice of `<Say>`: 8 kHz samples. Without it, `<Say>` is silence of about the same length. */
  readonly speak?: (text: string, signal: AbortSignal) => Promise<Int16Array>;
  /** Twilio ends every call after four hours. */
  readonly maxDurationMs?: number;
  readonly webhookTimeoutMs?: number;
  /** Aborting ends the call as if the emulator were unplugged politely: `stop`, then close. */
  readonly signal: AbortSignal;
}

export interface CallEnd {
  readonly callSid: string;
  readonly outcome: CallOutcome;
  /** Since the answer. */
  readonly durationMs: number;
  readonly findings: readonly Finding[];
}
