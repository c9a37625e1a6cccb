/** What can be wrong with a database, for whoever starts or migrates it. A closed list. */
export type DatabaseErrorCode =
  | 'bad-database-url'
  /** Its version is below PostgreSQL 15. */
  | 'database-too-old'
  /** Its tables were made by a newer Earshot than this one. */
  | 'database-newer'
  /** A migration did not run; the database is as it was before. */
  | 'migration-failed'
  /** Another server uses this data directory now. */
  | 'data-directory-in-use'
  /** It cannot be made, read or written: permissions, read-only, full. */
  | 'data-directory-unusable'
  /** The embedded database cannot run here as any user: the message tells what is missing. */
  | 'embedded-impossible'
  /** The embedded database ended at its start: its own words are in the message. */
  | 'embedded-failed';

/** A database that cannot be used until somebody changes something. Messages hold no rows and no passwords. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: DatabaseErrorCode;
  readonly retryable = false;

  constructor(code: DatabaseErrorCode, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}
