import type { FormParameters } from '@earshot/twilio';
import type { FastifyInstance } from 'fastify';
import { HttpError } from '../http-error.ts';

/** A webhook's body: its fields, and for JSON the bytes too, since these are what is signed. */
export type WebhookBody =
  | { readonly type: 'form'; readonly parameters: FormParameters }
  | { readonly type: 'json'; readonly parameters: FormParameters; readonly raw: Buffer };

const MOST_BYTES = 64 * 1024;
/** Webhooks have a few dozen. */
const MOST_FIELDS = 200;

/** Teaches the app to read forms and JSON as `WebhookBody`. */
export function readWebhookBodies(app: FastifyInstance): void {
  const options = { parseAs: 'buffer', bodyLimit: MOST_BYTES } as const;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    options,
    async (_: unknown, raw: Buffer): Promise<WebhookBody> => ({
      type: 'form',
      parameters: form(raw),
    }),
  );
  app.addContentTypeParser(
    'application/json',
    options,
    async (_: unknown, raw: Buffer): Promise<WebhookBody> => ({
      type: 'json',
      parameters: json(raw),
      raw,
    }),
  );
}

/** In one pass: a body full of names costs no more than any other. */
function form(raw: Buffer): FormParameters {
  const parameters = new Map<string, string | string[]>();
  let fields = 0;
  for (const [name, value] of new URLSearchParams(raw.toString('utf8'))) {
    fields += 1;
    if (fields > MOST_FIELDS) throw new HttpError('bad-request', 'The form has too many fields');
    const known = parameters.get(name);
    if (known === undefined) parameters.set(name, value);
    else if (typeof known === 'string') parameters.set(name, [known, value]);
    else known.push(value);
  }
  return Object.fromEntries(parameters);
}

function json(raw: Buffer): FormParameters {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new HttpError('bad-request', 'The body is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === 'string'));
}
