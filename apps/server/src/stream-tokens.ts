import { isPass, issuePass } from '@earshot/twilio';

/** Twilio opens the stream within a second or two of reading the TwiML. */
const LIFETIME_MS = 60_000;
/** Used passes are forgotten, oldest first, beyond so many. */
const MOST_USED = 100_000;

/**
 * One-time passes for media streams, each good for one call. They are made and checked by the
 * carrier's auth token, so that any instance knows those of the others.
 */
export class StreamTokens {
  readonly #secrets: readonly [string, ...string[]];
  readonly #now: () => number;
  readonly #used = new Set<string>();

  /** The first secret signs, each of them is taken. */
  constructor(secrets: readonly [string, ...string[]], now: () => number = Date.now) {
    this.#secrets = secrets;
    this.#now = now;
  }

  issue(callId: string, lifetimeMs = LIFETIME_MS): string {
    return issuePass(this.#secrets[0], callId, this.#now() + lifetimeMs);
  }

  /** Whether the token was made for this call. It is used up, whoever brings it. */
  redeem(token: string | undefined, callId: string | undefined): boolean {
    if (token === undefined || callId === undefined || this.#used.has(token)) return false;
    if (!isPass(this.#secrets, callId, token, this.#now())) return false;
    this.#used.add(token);
    for (const first of this.#used) {
      if (this.#used.size <= MOST_USED) break;
      this.#used.delete(first);
    }
    return true;
  }
}
