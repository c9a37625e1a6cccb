/** Whose doing the end of a call was. */
export type Blame = 'nobody' | 'callee' | 'carrier' | 'agent' | 'us';

/**
 * Why calls end: a closed list, with who is to blame for each. `docs/api.md` explains each in a
 * sentence, and a test compares the two.
 */
export const REASONS = {
  /** The agent or the caller said goodbye and hung up. */
  completed: 'nobody',
  'max-duration': 'nobody',
  /** Ended through the API while it was live. */
  terminated: 'nobody',
  /** Ended through the API before anybody answered. */
  canceled: 'nobody',
  transferred: 'nobody',
  voicemail: 'callee',
  busy: 'callee',
  'no-answer': 'callee',
  /** The carrier does not take this number. */
  'number-refused': 'carrier',
  /** The carrier takes no calls of ours now: account, limits, permissions. */
  'dial-refused': 'carrier',
  /** No answer of the carrier to our dial, and no such call was found afterwards. */
  'dial-unknown': 'carrier',
  'carrier-down': 'carrier',
  /** The carrier reports that the call failed. */
  'carrier-failed': 'carrier',
  /** Answered, and its audio never reached us. */
  'media-never-came': 'carrier',
  /** Its audio stopped, and the carrier did not bring it back. */
  'line-lost': 'carrier',
  'agent-lost': 'agent',
  /** The process that held it died, and nobody could take it over. */
  'server-lost': 'us',
  /** Its turn to be dialled did not come in time. */
  'not-dialled': 'us',
  'internal-error': 'us',
} as const satisfies Readonly<Record<string, Blame>>;

export type Reason = keyof typeof REASONS;

/** How a call ended. Each call has exactly one. */
export interface Outcome {
  readonly blame: Blame;
  readonly reason: Reason;
}

export function outcome(reason: Reason): Outcome {
  return { blame: REASONS[reason], reason };
}
