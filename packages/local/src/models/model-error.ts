export type ModelErrorCode =
  /** A model or voice name that cannot be one, or whose language is not fetched. */
  | 'model-name-unknown'
  /** The host cannot be reached, or gave up in the middle every time. */
  | 'models-unreachable'
  /** The host has no such file. */
  | 'model-not-found'
  /** The host answered, and does not give the file. */
  | 'models-refused'
  /** The host sent us on to where we do not go. */
  | 'models-redirected'
  /** What arrived has not the digest or size that was published for it. */
  | 'model-corrupt'
  /** The file at the host is not the one that was fetched first. */
  | 'model-changed'
  | 'models-disk-full'
  | 'models-not-writable';

/** Why a model could not be fetched. The message says what to do where there is something to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  /** Trying again may help. */
  readonly retryable: boolean;

  constructor(
    code: ModelErrorCode,
    message: string,
    { retryable = false, cause }: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.retryable = retryable;
  }
}

/** An error of the file system in our words; others as they are. */
export function fromFileError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new ModelError('models-disk-full', `The disk of ${folder} is full`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return new ModelError('models-not-writable', `Cannot write to ${folder} (${code})`, {
        cause: error,
      });
    default:
      return error;
  }
}
