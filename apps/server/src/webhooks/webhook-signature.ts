import { createHmac } from 'node:crypto';

/**
 * The value of `Earshot-Signature`: `t=` the time in seconds since 1970, `v1=` HMAC-SHA256, hex, of
 * that time, a dot and the body, by the shared secret.
 */
export function webhookSignature(secret: string, body: string, atMs: number): string {
  const seconds = Math.floor(atMs / 1_000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
