/** Why a process ends, for the people at its terminal. */
export interface ProcessFailure {
  readonly text: string;
  /** 2: the command line is wrong. */
  readonly exitCode: 1 | 2;
}

/** Errors with a `code` are written for people, others need their name. */
export function failureOf(error: unknown): ProcessFailure {
  if (!(error instanceof Error && 'code' in error)) return { text: String(error), exitCode: 1 };
  const isUsage = String(error.code).startsWith('ERR_PARSE_ARGS_');
  return { text: error.message, exitCode: isUsage ? 2 : 1 };
}
