export type EngineErrorCode =
  /** The process ended before it was ready: bad model file, missing library. See `exitCode`. */
  | 'engine-start-failed'
  /** The process died while it worked, and once more on the repeat. */
  | 'engine-crashed'
  /** No sign of life within the deadline, and once more on the repeat. */
  | 'engine-hung'
  /** Not within what a caller waits. */
  | 'engine-late'
  /** The queue is full, or the wait in it was too long. */
  | 'engine-busy'
  /** The engine answered that it cannot do this request; it goes on with others. */
  | 'engine-refused'
  /** The host was disposed. */
  | 'engine-closed'
  /** What was asked for by name, or anything at all, is not to be had on this machine. */
  | 'engine-unavailable';

/** Why an engine gave no answer. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** Of a process that ended by itself; 128 and the signal's number where a signal ended it. */
  readonly exitCode: number | null;

  constructor(code: EngineErrorCode, message: string, exitCode: number | null = null) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
