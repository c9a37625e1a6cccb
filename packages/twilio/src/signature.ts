import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Form parameters as a form parser leaves them: repeated names are arrays. */
export type FormParameters = Readonly<Record<string, string | readonly string[]>>;

/** A signed request. `url` is the public one as Twilio knows it, with its query. */
export interface SignedRequest {
  readonly url: string;
  /** The `X-Twilio-Signature` header; undefined where it is missing. */
  readonly signature: string | undefined;
}

/**
 * Twilio's signature: base64 of HMAC-SHA1 over the URL and the form's parameters, sorted by name
 * and written without separators; repeated values once each, sorted.
 */
export function sign(authToken: string, url: string, parameters: FormParameters = {}): string {
  const data = Object.keys(parameters)
    .sort()
    .map((name) => spell(name, parameters[name] ?? ''))
    .join('');
  return createHmac('sha1', authToken)
    .update(url + data, 'utf8')
    .digest('base64');
}

function spell(name: string, value: string | readonly string[]): string {
  if (typeof value === 'string') return name + value;
  return [...new Set(value)]
    .sort()
    .map((one) => name + one)
    .join('');
}

/** Form posts, and requests without a body (no parameters). More tokens than one allow rotation. */
export function isSignedForm(
  tokens: readonly string[],
  request: SignedRequest,
  parameters: FormParameters = {},
): boolean {
  return isSigned(tokens, request.signature, httpCandidates(request.url), parameters);
}

/** JSON posts: the URL's `bodySHA256` vouches for the body, and the signature for the URL. */
export function isSignedJson(
  tokens: readonly string[],
  request: SignedRequest,
  rawBody: Uint8Array,
): boolean {
  const claimed = URL.parse(request.url)?.searchParams.get('bodySHA256') ?? '';
  const digest = createHash('sha256').update(rawBody).digest('hex');
  return isSame(claimed, digest) && isSignedForm(tokens, request);
}

/**
 * The media socket's upgrade request. `url` is the wss URL as written in the TwiML. Whether Twilio
 * signs with a closing slash or the port is not documented, so each form is accepted.
 */
export function isSignedUpgrade(tokens: readonly string[], request: SignedRequest): boolean {
  return isSigned(tokens, request.signature, upgradeCandidates(request.url), {});
}

function isSigned(
  tokens: readonly string[],
  signature: string | undefined,
  urls: readonly string[],
  parameters: FormParameters,
): boolean {
  if (signature === undefined || signature === '') return false;
  return tokens
    .filter((token) => token !== '')
    .some((token) => urls.some((url) => isSame(signature, sign(token, url, parameters))));
}

/** As is, with the standard port, and without any port: as Twilio's own library checks. */
function httpCandidates(url: string): string[] {
  return [...new Set([url, withoutPort(url), withPort(url)])];
}

function upgradeCandidates(url: string): string[] {
  const slashed = url.endsWith('/') ? [url, url.slice(0, -1)] : [url, `${url}/`];
  return [...new Set(slashed.flatMap((one) => [one, withoutPort(one), withPort(one)]))];
}

// The URL is taken apart by hand, since `new URL` re-encodes characters that Twilio signed as sent.
const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(:\d*)?/i;

function withoutPort(url: string): string {
  return url.replace(AUTHORITY, (_, scheme, user = '', host) => scheme + user + host);
}

function withPort(url: string): string {
  return url.replace(AUTHORITY, (whole, scheme: string, user = '', host, port?: string) => {
    if (port !== undefined && port !== ':') return whole;
    const secure = /^(https|wss):/i.test(scheme);
    return `${scheme}${user}${host}:${secure ? 443 : 80}`;
  });
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  // The expected length is the algorithm's and no secret.
  return a.length === b.length && timingSafeEqual(a, b);
}
