/** Watches one call from the carrier's side. Told in order, synchronously; must not throw or block. */
export interface CallObserver {
  observe(event: CallEvent): void;
}

/** All times are milliseconds since the call was answered; before that they are 0. */
export type CallEvent =
  | { readonly type: 'answered'; readonly atMs: number; readonly callSid: string }
  /** Every 20 ms from the answer to the end, without holes: `atMs` is 0, 20, 40, … 160 samples each, 8 kHz. */
  | {
      readonly type: 'frame';
      readonly atMs: number;
      /** What the caller said, also where the network lost it on its way to the server. */
      readonly caller: Int16Array;
      /** What sounded at the caller's ear. */
      readonly agent: Int16Array;
    }
  /** The agent becomes audible after at least 300 ms of quiet. */
  | { readonly type: 'agent-sound-started'; readonly atMs: number }
  /** Told 300 ms later; `atMs` is the end of the last audible frame. */
  | { readonly type: 'agent-sound-ended'; readonly atMs: number }
  /** The server asked for `clear`; `droppedMs` of audio will not be heard. */
  | { readonly type: 'clear'; readonly atMs: number; readonly droppedMs: number }
  /** A mark went back to the server: heard up to there, or `cleared`. */
  | {
      readonly type: 'mark';
      readonly atMs: number;
      readonly name: string;
      readonly cleared: boolean;
    }
  | { readonly type: 'digit'; readonly atMs: number; readonly digit: string }
  | { readonly type: 'finding'; readonly finding: Finding }
  /** A TwiML verb begins. `detail`: what is said, dialled, opened or asked, for the report. */
  | {
      readonly type: 'verb';
      readonly atMs: number;
      readonly verb: string;
      readonly detail: string;
    }
  | { readonly type: 'stream-started'; readonly atMs: number; readonly streamSid: string }
  | {
      readonly type: 'stream-ended';
      readonly atMs: number;
      readonly streamSid: string;
      /** Who ended it: the caller's hang-up, the server's close, or the network. */
      readonly by: 'caller' | 'server' | 'network';
      /** The most audio that ever waited in the carrier's buffer. */
      readonly maxBufferedMs: number;
    }
  /** The last event of a call. */
  | { readonly type: 'call-ended'; readonly atMs: number; readonly outcome: CallOutcome };

/** Something the carrier, or an ear, complains about. */
export interface Finding {
  /**
   * Twilio's error or warning code ('31951') where it has one, else a word: 'underrun' (the agent's
   * speech stopped in the middle for `gapMs`), 'loopback-ws', 'query-string', …
   */
  readonly code: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly atMs: number;
  readonly gapMs?: number;
}

/** How a call can end. */
export const OUTCOMES = [
  'caller-hung-up',
  /** The TwiML came to its end or to `Hangup`. */
  'agent-hung-up',
  'rejected',
  'dialled',
  'time-limit',
  /** No usable TwiML: the caller hears "an application error has occurred". */
  'failed',
  /** The emulator was stopped. */
  'aborted',
] as const;

export interface CallOutcome {
  readonly reason: (typeof OUTCOMES)[number];
  readonly detail: string;
}
