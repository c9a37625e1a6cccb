import { sign } from './signature.ts';
import type { Method } from './verb.ts';

/** Twilio waits 15 s for a whole answer. */
const WEBHOOK_TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 10;
/** TwiML has 64 kB at most; the rest is not read. */
const MAX_BYTES = 256 * 1024;
const TWIML_TYPES = ['text/xml', 'application/xml', 'text/html'];

export interface Webhook {
  readonly url: string;
  readonly method: Method;
  readonly params: Readonly<Record<string, string>>;
  /** The same for a repeated request, so that the server can tell. */
  readonly idempotencyToken: string;
}

export type WebhookAnswer =
  | {
      readonly type: 'answered';
      readonly url: string;
      readonly contentType: string;
      readonly body: string;
    }
  | { readonly type: 'failed'; readonly code: string; readonly text: string };

/** Asks as Twilio does: signed, redirects followed, once more when no connection came about. */
export class WebhookClient {
  readonly #authToken: string;
  readonly #timeoutMs: number;

  constructor(authToken: string, timeoutMs = WEBHOOK_TIMEOUT_MS) {
    this.#authToken = authToken;
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects only when `signal` aborts. */
  async ask(webhook: Webhook, signal: AbortSignal): Promise<WebhookAnswer> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const until = AbortSignal.any([signal, timeout]);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#follow(webhook, until);
      } catch (cause) {
        signal.throwIfAborted();
        const last = attempt === 2 || timeout.aborted || !(cause instanceof TypeError);
        if (last) return this.#explain(webhook.url, timeout.aborted, cause);
      }
    }
  }

  async #follow(webhook: Webhook, signal: AbortSignal): Promise<WebhookAnswer> {
    let next = webhook;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await this.#send(next, signal);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) {
        return await answer(next.url, response);
      }
      await response.body?.cancel();
      // Only 307 and 308 keep the method (RFC 9110 §15.4).
      const method = response.status >= 307 ? next.method : 'GET';
      next = { ...next, url: new URL(location, next.url).href, method };
    }
    return failed('11215', `${webhook.url} redirects more than ${MAX_REDIRECTS} times`);
  }

  #send(
    { url, method, params, idempotencyToken }: Webhook,
    signal: AbortSignal,
  ): Promise<Response> {
    const query = new URLSearchParams(params);
    const target = method === 'GET' ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url;
    const signature = sign(this.#authToken, target, method === 'GET' ? {} : params);
    const headers = {
      'X-Twilio-Signature': signature,
      'I-Twilio-Idempotency-Token': idempotencyToken,
      'User-Agent': 'TwilioProxy/1.1',
      Accept: '*/*',
    };
    const body = method === 'POST' ? { body: query } : {};
    return fetch(target, { method, headers, ...body, redirect: 'manual', signal });
  }

  #explain(url: string, timedOut: boolean, cause: unknown): WebhookAnswer {
    if (timedOut) return failed('11205', `${url} had no answer within ${this.#timeoutMs / 1000} s`);
    const { code = 'no connection' } = networkError(cause);
    if (code === 'ENOTFOUND' || code === 'ERR_INVALID_URL')
      return failed('11210', `${url}: ${code}`);
    if (/TLS|SSL|CERT|SIGNED|EPROTO/.test(code)) return failed('11220', `${url}: ${code}`);
    return failed('11205', `${url}: ${code}`);
  }
}

async function answer(url: string, response: Response): Promise<WebhookAnswer> {
  if (!response.ok) {
    await response.body?.cancel();
    return failed('11200', `${url} answered HTTP ${response.status}`);
  }
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  const body = await readStart(response);
  return { type: 'answered', url, contentType: type.toLowerCase(), body };
}

export function isTwimlType(contentType: string): boolean {
  return TWIML_TYPES.includes(contentType);
}

async function readStart(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

function failed(code: string, text: string): WebhookAnswer {
  return { type: 'failed', code, text };
}

/** The network's own code out of what `fetch` and sockets throw. */
export function networkError(cause: unknown): { readonly code?: string } {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return { code: error.code };
  }
  return {};
}
