import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connectStream, type Verb } from './twiml.ts';
import { wayBack } from './way-back.ts';

/**
 * A pass for one media stream of one call: its end, chance, and HMAC-SHA256 over both and the call's
 * id. Whoever knows the secret can check it, so that one process may dial and another get the stream.
 * That it is used once is the affair of whoever checks it.
 */
export function issuePass(secret: string, callId: string, expiresAtMs: number): string {
  const claim = `${Math.floor(expiresAtMs).toString(36)}.${randomBytes(12).toString('base64url')}`;
  return `${claim}.${seal(secret, callId, claim)}`;
}

/** Whether the pass was made for this call with one of the secrets, and has not ended. */
export function isPass(
  secrets: readonly string[],
  callId: string,
  pass: string,
  nowMs: number,
): boolean {
  const [, claim, ends, sealed] = /^(([0-9a-z]{1,11})\.[\w-]{16})\.([\w-]{43})$/.exec(pass) ?? [];
  if (claim === undefined || ends === undefined || sealed === undefined) return false;
  const given = Buffer.from(sealed);
  const isSealed = secrets.some((secret) =>
    timingSafeEqual(given, Buffer.from(seal(secret, callId, claim))),
  );
  return isSealed && Number.parseInt(ends, 36) > nowMs;
}

function seal(secret: string, callId: string, claim: string): string {
  return createHmac('sha256', secret).update(`stream ${callId} ${claim}`).digest('base64url');
}

export interface CallStream {
  readonly callId: string;
  readonly pass: string;
  /** The media socket. */
  readonly url: URL;
  /** A URL of ours, as Twilio reaches it, for a path like `/twilio/voice`. */
  readonly urlOf: (path: string) => string;
}

/** Connects a call to our media socket; afterwards Twilio asks how it goes on. */
export function connectCall({ callId, pass, url, urlOf }: CallStream): Verb {
  return connectStream({
    url,
    action: wayBack(urlOf, callId),
    statusCallback: urlOf('/twilio/stream-status'),
    parameters: { call: callId, token: pass },
  });
}
