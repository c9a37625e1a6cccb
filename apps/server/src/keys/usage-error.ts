/** The command line is wrong, or cannot be done: told with what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ERR_PARSE_ARGS_USAGE';
}
