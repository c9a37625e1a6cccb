export type TwilioErrorCode =
  /** The socket brought no `start` in time, closed before it, or brought something else. */
  | 'start-timeout'
  | 'closed-before-start'
  | 'garbage-before-start'
  /** The stream is not µ-law, 8 kHz, mono. */
  | 'unsupported-format'
  /** Whoever accepts the line did not want this stream. */
  | 'stream-refused'
  | 'twiml-too-long'
  | 'bad-stream-url'
  | 'parameter-too-long'
  /** How the REST API is to be asked makes no sense. */
  | 'bad-api-url'
  | 'bad-account';

/** What this adapter cannot do, by its `code`. Messages never hold anything a caller said or sent. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';
  readonly code: TwilioErrorCode;

  constructor(code: TwilioErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
