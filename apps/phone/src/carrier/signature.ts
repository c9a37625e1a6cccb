import { createHmac, randomBytes } from 'node:crypto';

/**
 * `X-Twilio-Signature` of a form POST: HMAC-SHA1 of the URL and, sorted by name, each name with its
 * value. For a GET, or the upgrade of a WebSocket, the URL alone (Twilio: "Security", webhooks).
 */
export function sign(
  authToken: string,
  url: string,
  params: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(params).sort();
  const text = url + names.map((name) => name + params[name]).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

/** A Twilio identifier: two letters for its kind and 32 hexadecimal digits. */
export function newSid(kind: 'CA' | 'MZ' | 'PN' | 'RE' | 'RQ'): string {
  return kind + randomBytes(16).toString('hex');
}
