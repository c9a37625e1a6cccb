import { randomBytes } from 'node:crypto';

/** Twilio opens the stream within a second or two of reading the TwiML. */
const LIFETIME_MS = 60_000;
/** Tokens that were never used are forgotten, oldest first, beyond so many. */
const MOST_TOKENS = 10_000;

/** One-time passes for media streams. Each is good for one call, once, for a minute. */
export class StreamTokens {
  readonly #now: () => number;
  /** In the order of their making. */
  readonly #issued = new Map<string, { readonly callSid: string; readonly expiresAtMs: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(callSid: string): string {
    this.#forget();
    const token = randomBytes(24).toString('base64url');
    this.#issued.set(token, { callSid, expiresAtMs: this.#now() + LIFETIME_MS });
    return token;
  }

  /** Whether the token was made for this call. It is used up, whoever brings it. */
  redeem(token: string | undefined, callSid: string): boolean {
    if (token === undefined) return false;
    const issued = this.#issued.get(token);
    this.#issued.delete(token);
    return issued !== undefined && issued.callSid === callSid && issued.expiresAtMs > this.#now();
  }

  #forget(): void {
    for (const [token, { expiresAtMs }] of this.#issued) {
      if (expiresAtMs > this.#now() && this.#issued.size < MOST_TOKENS) return;
      this.#issued.delete(token);
    }
  }
}
