import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: WirePayload } = proto.temporal.api.common.v1;

const ENCODING = 'binary/aes-256-gcm';
/** 32 bytes. */
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
  readonly id: string;
  readonly secret: Buffer;
}

/** A key that is no key, or a payload that none of ours opens. Holds neither. */
export class PayloadKeyError extends Error {
  override readonly name = 'PayloadKeyError';
}

/**
 * Keeps what passes through Temporal (numbers, prompts, outcomes) from Temporal's own storage and
 * screens: AES-256-GCM. The first key closes; all of them open, so that keys can be changed while
 * calls live. What was written before there was a key is still read.
 */
export class PayloadCipher implements PayloadCodec {
  readonly #keys: readonly [Key, ...Key[]];

  /** `keys`: 32 bytes each, in hexadecimal or base64. */
  constructor(keys: readonly [string, ...string[]]) {
    const [first, ...others] = keys;
    this.#keys = [keyOf(first), ...others.map(keyOf)];
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#close(payload));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isClosed(payload) ? this.#open(payload) : payload));
  }

  #close(payload: Payload): Payload {
    const [{ id, secret }] = this.#keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(id));
    const plain = WirePayload.encode(payload).finish();
    const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: Buffer.from(ENCODING), key: Buffer.from(id) }, data };
  }

  #open({ metadata, data }: Payload): Payload {
    const id = Buffer.from(metadata?.key ?? []).toString();
    const key = this.#keys.find((candidate) => candidate.id === id);
    if (!key) throw new PayloadKeyError('A payload was closed with a key that is not ours');
    const closed = Buffer.from(data ?? []);
    if (closed.length < NONCE_BYTES + TAG_BYTES)
      throw new PayloadKeyError('A payload is cut short');
    const nonce = closed.subarray(0, NONCE_BYTES);
    const opener = createDecipheriv('aes-256-gcm', key.secret, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(id))
      .setAuthTag(closed.subarray(-TAG_BYTES));
    const plain = [opener.update(closed.subarray(NONCE_BYTES, -TAG_BYTES)), opener.final()];
    return WirePayload.decode(Buffer.concat(plain));
  }
}

function isClosed({ metadata }: Payload): boolean {
  return Buffer.from(metadata?.encoding ?? []).toString() === ENCODING;
}

function keyOf(text: string): Key {
  const secret = HEX.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (!HEX.test(text) && !BASE64.test(text))
    throw new PayloadKeyError('A payload key must be 32 bytes in hexadecimal or base64');
  return { id: createHash('sha256').update(secret).digest('hex').slice(0, 16), secret };
}
