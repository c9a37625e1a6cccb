/** Bytes that are no WAV file we can read. */
export class WavError extends Error {
  override readonly name = 'WavError';
  readonly code: 'wav-malformed' | 'wav-unsupported';

  constructor(code: WavError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
