/** A table of callees that cannot be read: each problem, and what would be right. */
export class CalleesError extends Error {
  override readonly name = 'CalleesError';
  readonly code = 'callees-invalid';
}

/** A trouble that the network does not know how to make. */
export class TroubleError extends Error {
  override readonly name = 'TroubleError';
  readonly code = 'trouble-unknown';
}

/** The address that the emulator is to listen on is not to be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot-listen';
}
