import { expect, test } from 'vitest';
import { hashOf, newSecret } from './secret.ts';

test('secrets are all different, of 256 bits, and have one hash each', () => {
  const [one, other] = [newSecret(), newSecret()];
  expect(one).toMatch(/^ek_[\w-]{43}$/);
  expect(one).not.toBe(other);
  expect(hashOf(one)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(one)).toBe(hashOf(one));
  expect(hashOf(one)).not.toBe(hashOf(other));
});

test.each(['', 'ek_', 'ek_short', `${newSecret()}x`, ` ${newSecret()}`, newSecret().slice(3), 'é'])(
  'what is no secret has no hash: %j',
  (secret) => expect(hashOf(secret)).toBeNull(),
);
