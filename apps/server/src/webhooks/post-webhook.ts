import { lookup as resolve } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isReachable, objectionTo, type Reach } from './webhook-url.ts';

const TIMEOUT_MS = 10_000;

/** The webhook did not arrive. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: 'refused-address' | 'unreachable' | 'status';
  /** What the server answered, if it did. */
  readonly status: number | null;

  constructor(
    code: WebhookError['code'],
    message: string,
    { status = null, cause }: { status?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

interface Address {
  readonly address: string;
  readonly family: number;
}

export interface PostOptions {
  readonly reach: Reach;
  /** For tests; the system's by default. */
  readonly lookUp?: (hostname: string) => Promise<readonly Address[]>;
}

/**
 * Posts once. The name is looked up once, each of its addresses checked, and the connection made to
 * what was checked, so that a name which changes its mind leads nowhere. Redirects are not followed.
 * Throws a `WebhookError` unless the answer is 2xx.
 */
export async function postWebhook(
  written: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { reach, lookUp = systemLookUp }: PostOptions,
  signal: AbortSignal,
): Promise<void> {
  const objection = objectionTo(written, reach);
  if (objection !== null) throw new WebhookError('refused-address', `The URL ${objection}`);
  const url = new URL(written);
  const send = url.protocol === 'https:' ? requestTls : requestPlain;
  const until = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const request = send(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    signal: until,
    lookup: checkedLookUp(lookUp, reach),
  });
  const status = await answerTo(request, body);
  if (status < 200 || status > 299)
    throw new WebhookError('status', `The server answered ${status}`, { status });
}

/** Only the status counts: what else is answered is not read. */
async function answerTo(request: ClientRequest, body: string): Promise<number> {
  const { promise, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', answered);
  request.on('error', (cause) =>
    reject(
      cause instanceof WebhookError
        ? cause
        : new WebhookError('unreachable', 'The server could not be reached', { cause }),
    ),
  );
  request.end(body);
  try {
    const { statusCode = 0 } = await promise;
    return statusCode;
  } finally {
    request.destroy();
  }
}

function checkedLookUp(lookUp: (name: string) => Promise<readonly Address[]>, reach: Reach) {
  const look: LookupFunction = (hostname, { all }, done) => {
    const settle = async () => {
      const found = isIP(hostname)
        ? [{ address: hostname, family: isIP(hostname) }]
        : await lookUp(hostname);
      const [first] = found;
      if (!first || !found.every(({ address }) => isReachable(address, reach)))
        throw new WebhookError('refused-address', 'The name does not lead to the public internet');
      return first;
    };
    settle().then(
      (first) => (all ? done(null, [first]) : done(null, first.address, first.family)),
      (error) => done(error, '', 0),
    );
  };
  return look;
}

function systemLookUp(hostname: string): Promise<readonly Address[]> {
  return resolve(hostname, { all: true, verbatim: true });
}
