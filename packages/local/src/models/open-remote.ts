import { type Dispatcher, request } from 'undici';
import { type Digest, digestFromEtag } from './digest.ts';
import { ModelError } from './model-error.ts';

/** An answer that brings bytes. Its body has to be read or destroyed. */
export interface Remote {
  readonly status: number;
  /** Of the host that gave the bytes; only if it is good for a resumption. */
  readonly etag: string | null;
  /** Published for the whole file. */
  readonly digest: Digest | null;
  /** Of the whole file; null where the host does not say. */
  readonly sizeBytes: number | null;
  /** Where the bytes begin in the file. */
  readonly startBytes: number;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface RemoteRequest {
  readonly url: URL;
  /** To go on from here, if the file is still the one with this ETag. */
  readonly resume: { readonly startBytes: number; readonly etag: string } | null;
  readonly dispatcher: Dispatcher;
  /** Without a byte for this long the host counts as gone. */
  readonly stallMs: number;
  /** Whether ETags are digests, as they are at the hub. */
  readonly etagsAreDigests: boolean;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

type Headers = Dispatcher.ResponseData['headers'];

/**
 * Asks for a file, from its start or from where it was left. null when the host cannot go on from
 * there. Rejects with a ModelError.
 */
export async function openRemote(
  wanted: RemoteRequest,
  signal: AbortSignal,
): Promise<Remote | null> {
  let url = wanted.url;
  let linked: Headers = {};
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const { statusCode, headers, body } = await ask(url, wanted, signal);
    linked = { ...only(headers, ['x-linked-etag', 'x-linked-size']), ...linked };
    if (!REDIRECTS.has(statusCode)) return answer(statusCode, headers, linked, body, wanted, url);
    await body.dump();
    url = nextUrl(url, text(headers, 'location'));
  }
  throw new ModelError('models-redirected', `${wanted.url.host} redirects without end`);
}

async function ask(
  url: URL,
  { resume, dispatcher, stallMs }: RemoteRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const range = resume
    ? { range: `bytes=${resume.startBytes}-`, 'if-range': resume.etag }
    : ({} as Record<string, string>);
  try {
    return await request(url, {
      dispatcher,
      signal,
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
      // A coded body would have another size and digest.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'earshot', ...range },
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ModelError('models-unreachable', `${url.host} cannot be reached`, {
      retryable: true,
      cause,
    });
  }
}

/** Redirects lead to https, or stay on plain http where the mirror itself is plain. */
function nextUrl(from: URL, location: string | null): URL {
  const to = location === null ? null : URL.parse(location, from.href);
  if (!to) throw new ModelError('models-redirected', `${from.host} redirects to nowhere`);
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new ModelError('models-redirected', `${from.host} redirects to ${to.protocol}//${to.host}`);
}

async function answer(
  status: number,
  headers: Headers,
  linked: Headers,
  body: Remote['body'],
  { resume, etagsAreDigests }: RemoteRequest,
  url: URL,
): Promise<Remote | null> {
  const etag = text(headers, 'etag');
  const published = etagsAreDigests ? (text(linked, 'x-linked-etag') ?? etag) : null;
  const rest = {
    status,
    etag: etag?.startsWith('"') ? etag : null,
    digest: digestFromEtag(published ?? undefined),
    body,
  };
  const linkedSize = etagsAreDigests ? count(text(linked, 'x-linked-size')) : null;
  if (status === 200)
    return {
      ...rest,
      sizeBytes: linkedSize ?? count(text(headers, 'content-length')),
      startBytes: 0,
    };
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(text(headers, 'content-range') ?? '');
  if (status === 206 && resume && Number(range?.[1]) === resume.startBytes)
    return { ...rest, sizeBytes: linkedSize ?? Number(range?.[2]), startBytes: resume.startBytes };
  await body.dump();
  if (resume && (status === 206 || status === 416)) return null;
  throw refusal(status, url);
}

function refusal(status: number, url: URL): ModelError {
  const where = `${url.host}${url.pathname}`;
  if (status === 404 || status === 410)
    return new ModelError('model-not-found', `${where} does not exist (${status})`);
  const retryable = RETRYABLE.has(status);
  return new ModelError('models-refused', `${where} answered ${status}`, { retryable });
}

function only(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

function text(headers: Headers, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.[0] ?? null);
}

function count(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}
