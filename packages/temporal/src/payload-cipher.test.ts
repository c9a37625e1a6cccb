import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { PayloadCipher, PayloadKeyError } from './payload-cipher.ts';

const key = randomBytes(32).toString('base64');
const newer = randomBytes(32).toString('hex');
const payload: Payload = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from('{"to":"+15550142"}'),
};

async function closed(cipher: PayloadCipher): Promise<Payload> {
  const [only] = await cipher.encode([payload]);
  if (!only) throw new Error('nothing');
  return only;
}

describe('a payload', () => {
  test('comes out of the cipher as it went in', async () => {
    const cipher = new PayloadCipher([key]);
    const [opened] = await cipher.decode([await closed(cipher)]);
    expect(Buffer.from(opened?.data ?? []).toString()).toBe('{"to":"+15550142"}');
    expect(Buffer.from(opened?.metadata?.encoding ?? []).toString()).toBe('json/plain');
  });

  test('shows nothing of itself, and is closed differently each time', async () => {
    const cipher = new PayloadCipher([key]);
    const [one, other] = [await closed(cipher), await closed(cipher)];
    expect(Buffer.from(one.data ?? []).toString('latin1')).not.toContain('5550142');
    expect(one.data).not.toEqual(other.data);
  });

  test('that was closed with an older key is opened while that key is kept', async () => {
    const before = await closed(new PayloadCipher([key]));
    const [opened] = await new PayloadCipher([newer, key]).decode([before]);
    expect(opened?.data).toEqual(payload.data);
    await expect(new PayloadCipher([newer]).decode([before])).rejects.toThrow(PayloadKeyError);
  });

  test('from before there was a key is left as it is', async () => {
    expect(await new PayloadCipher([key]).decode([payload])).toEqual([payload]);
  });

  test.each([0, 11, 12, 30, -1])('that was changed at byte %i is refused', async (at) => {
    const cipher = new PayloadCipher([key]);
    const good = await closed(cipher);
    const data = Buffer.from(good.data ?? []);
    data.writeUInt8((data.at(at) ?? 0) ^ 1, at < 0 ? data.length + at : at);
    await expect(cipher.decode([{ ...good, data }])).rejects.toThrow();
  });

  test('that was cut short is refused', async () => {
    const cipher = new PayloadCipher([key]);
    const good = await closed(cipher);
    const data = Buffer.from(good.data ?? []).subarray(0, 20);
    await expect(cipher.decode([{ ...good, data }])).rejects.toThrow(PayloadKeyError);
  });
});

test.each(['', 'short', `${key}AAAA`, 'zz'.repeat(32)])('%j is no key', (text) => {
  expect(() => new PayloadCipher([text])).toThrow(PayloadKeyError);
});
