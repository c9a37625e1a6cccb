/** What can go wrong with a call, for whoever asked for something. A closed list. */
export type CallErrorCode =
  | 'bad-number'
  | 'destination-not-allowed'
  | 'rate-limited'
  | 'queue-full'
  | 'call-not-found'
  | 'call-exists'
  | 'call-over'
  | 'call-not-answered'
  /** The carrier did not take what we asked for, and will not: its own code is in the message. */
  | 'carrier-refused'
  /** The carrier could not be asked, or did not answer. */
  | 'carrier-unavailable'
  /** The request may or may not have been carried out. */
  | 'carrier-ambiguous'
  | 'carrier-busy'
  | 'store-unavailable'
  | 'lifecycle-unavailable';

const RETRYABLE: ReadonlySet<CallErrorCode> = new Set([
  'rate-limited',
  'queue-full',
  'carrier-unavailable',
  'carrier-busy',
  'store-unavailable',
  'lifecycle-unavailable',
]);

/** A failure with a code, and whether asking again may help. Messages hold no numbers or words of calls. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  /** From the carrier: its own error code, for example 21211. */
  readonly carrierCode: number | null;

  constructor(
    code: CallErrorCode,
    message: string,
    { cause, carrierCode = null }: { cause?: unknown; carrierCode?: number | null } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.carrierCode = carrierCode;
  }

  /** Asking again, later, may work and does no harm. Never true of an ambiguous answer. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
