import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'ek_';
const SHAPE = /^ek_[A-Za-z0-9_-]{43}$/;

/** A new API key's secret: 256 bits of chance. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/**
 * What is kept of a secret: SHA-256, hex. A secret of so much chance needs no slow hash, and since
 * only its hash is looked for, the time that takes tells nothing of it. Null when it is none.
 */
export function hashOf(secret: string): string | null {
  return SHAPE.test(secret) ? createHash('sha256').update(secret).digest('hex') : null;
}
