import http from 'node:http';
import https from 'node:https';

/** One HTTP request. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Answer {
  readonly status: number;
  /** The header, as it came. */
  readonly retryAfter: string | null;
  readonly text: string;
}

/** No whole answer came. `message` is a system's error code: never an address, a header or a body. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  /** The other side may have got the request. False: it was never connected. */
  readonly sent: boolean;

  constructor(code: string, sent: boolean) {
    super(code);
    this.sent = sent;
  }
}

/**
 * One request, one answer, on a connection of its own, which is what makes `sent` certain: a pooled
 * connection may be closed by the other side just as a request leaves on it. Redirects are not
 * followed. An answer of more than `limitBytes` is none.
 */
export async function exchange(
  outgoing: Outgoing,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  let sent = false;
  try {
    const response = await open(outgoing, signal, () => {
      sent = true;
    });
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'] ?? null,
      text: await read(response, limitBytes),
    };
  } catch (error) {
    throw new ExchangeError(codeOf(error, signal), sent);
  }
}

function open(
  { method, url, headers, body }: Outgoing,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const [{ request }, connected] =
    url.protocol === 'https:' ? [https, 'secureConnect'] : [http, 'connect'];
  request(url, { method, headers, signal, agent: false })
    // Nothing of the request leaves before this.
    .once('socket', (socket) => socket.once(connected, onConnected))
    .once('response', resolve)
    .on('error', reject)
    .end(body);
  return promise;
}

class TooLargeError extends Error {
  readonly code = 'TOO_LARGE';
}

async function read(response: http.IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new TooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The error itself is not passed on: those of node:http carry pieces of the answer. */
function codeOf(error: unknown, { aborted, reason }: AbortSignal): string {
  if (aborted) return reason?.name === 'TimeoutError' ? 'TIMEOUT' : 'ABORTED';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'UNKNOWN';
}
