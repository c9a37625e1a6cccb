import type { Caller } from '../caller/caller.ts';
import type { CallObserver, CallOutcome, Finding } from './call-observer.ts';
import type { Clock } from './frame-clock.ts';
import type { CallControl } from './instructions.ts';
import type { Dial } from './run-dial.ts';
import type { Method } from './verb.ts';

/** One call as the carrier sees it, from the moment that its other end is reached. */
export interface CallOptions {
  /** The number's voice webhook, http or https, signed exactly as written here. */
  readonly voiceUrl: string;
  readonly voiceMethod?: Method;
  /** Asked when `voiceUrl` has no usable answer. */
  readonly fallbackUrl?: string;
  readonly fallbackMethod?: Method;
  /** TwiML to begin with, instead of asking `voiceUrl`. */
  readonly twiml?: string;
  /** A new one by default. */
  readonly callSid?: string;
  /** The default is inbound. A call that the server placed is answered before anything is asked for. */
  readonly direction?: 'inbound' | 'outbound-api';
  /** Who answered, where that is found out before the call goes on; '' where it is not. */
  readonly detect?: (signal: AbortSignal) => Promise<string>;
  /** Given once, at the beginning: directs the call while it runs. */
  readonly control?: (control: CallControl) => void;
  /** Rings the numbers of `<Dial>`; without it the call ends there as `dialled`. */
  readonly dial?: Dial;
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
