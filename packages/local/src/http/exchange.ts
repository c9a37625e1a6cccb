import type { RemoteServer } from './remote-server.ts';
import { ServerError, type ServerErrorCode } from './server-error.ts';

/** Time for the server's last bytes after the answer proper, for the connection to be used again. */
const FINISH_MS = 1000;

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly body?: string | FormData;
  readonly json?: boolean;
}

export interface WholeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * One request to a server and its answer. Every wait has a limit, follows the owner's signal (and
 * then rejects with its reason), and ends in an error of ours. Disposing it closes the connection
 * if the answer is not complete, which is what tells a server to stop generating.
 */
export class Exchange implements Disposable {
  readonly #server: RemoteServer;
  readonly #owner: AbortSignal;
  readonly #over = new AbortController();
  readonly #until: AbortSignal;
  #late = false;
  #finishing = false;

  constructor(server: RemoteServer, owner: AbortSignal) {
    this.#server = server;
    this.#owner = owner;
    this.#until = AbortSignal.any([owner, this.#over.signal]);
  }

  /** Resolves with the answer's head, whatever its status, except that redirects are refused. */
  async send(path: string, request: ExchangeRequest, withinMs: number): Promise<Response> {
    const { method, body, json } = request;
    const headers = {
      ...this.#server.authorization,
      ...(json ? { 'content-type': 'application/json' } : {}),
    };
    const init = { method, headers, body: body ?? null, signal: this.#until };
    const response = await this.#wait(withinMs, 'answer-timed-out', () =>
      fetch(this.#server.url(path), { ...init, redirect: 'manual' }),
    );
    if (response.status < 300 || response.status >= 400) return response;
    const target = URL.parse(response.headers.get('location') ?? '', this.#server.address);
    const where = target ? ` to ${target.origin}${target.pathname}` : '';
    throw this.#server.failure(
      'redirected',
      `redirects ${path}${where}; redirects are not followed`,
    );
  }

  /** Sends, and reads the whole answer; all of it within the time. */
  async ask(
    path: string,
    request: ExchangeRequest,
    limits: { readonly withinMs: number; readonly maxBytes: number },
  ): Promise<WholeAnswer> {
    const startedAt = performance.now();
    const response = await this.send(path, request, limits.withinMs);
    const left = Math.max(1, limits.withinMs - (performance.now() - startedAt));
    const body = await this.body(response, { ...limits, withinMs: left });
    const contentType = response.headers.get('content-type') ?? '';
    return { status: response.status, contentType, body };
  }

  body(
    response: Response,
    { withinMs, maxBytes }: { readonly withinMs: number; readonly maxBytes: number },
  ): Promise<Uint8Array> {
    return this.#wait(withinMs, 'answer-timed-out', async () => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > maxBytes) {
          throw this.#server.failure('answer-too-large', `sent more than ${maxBytes} bytes`);
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    });
  }

  /** The answer as it comes. The limits hold while we wait for the server, not while it waits for us. */
  async *chunks(
    response: Response,
    { firstMs, nextMs }: { readonly firstMs: number; readonly nextMs: number },
  ): AsyncGenerator<Uint8Array> {
    if (!response.body) return;
    const reader = response.body.getReader();
    const next = () => reader.read();
    try {
      let piece = await this.#wait(firstMs, 'answer-timed-out', next);
      while (!piece.done) {
        yield piece.value;
        piece = await this.#wait(nextMs, 'answer-stalled', next);
      }
    } finally {
      if (this.#finishing) void this.#drain(reader);
    }
  }

  /** Says that what is still to come is of no interest but may come: the connection is kept. */
  finish(): void {
    this.#finishing = true;
  }

  [Symbol.dispose](): void {
    if (!this.#finishing) this.#over.abort();
  }

  async #drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const timer = setTimeout(() => this.#over.abort(), FINISH_MS);
    try {
      while (!(await reader.read()).done);
    } catch {
      // The answer was complete; a connection lost after it concerns nobody.
    } finally {
      clearTimeout(timer);
    }
  }

  async #wait<T>(withinMs: number, late: ServerErrorCode, wait: () => Promise<T>): Promise<T> {
    this.#owner.throwIfAborted();
    const timer = setTimeout(() => {
      this.#late = true;
      this.#over.abort();
    }, withinMs);
    try {
      return await wait();
    } catch (error) {
      throw this.#explain(error, late, withinMs);
    } finally {
      clearTimeout(timer);
    }
  }

  #explain(error: unknown, late: ServerErrorCode, withinMs: number): unknown {
    if (this.#owner.aborted) return this.#owner.reason;
    if (error instanceof ServerError) return error;
    if (this.#late) {
      return this.#server.failure(late, `sent nothing for ${Math.round(withinMs)} ms`);
    }
    const code = causeCode(error);
    if (code.endsWith('_TIMEOUT') && code !== 'UND_ERR_CONNECT_TIMEOUT') {
      return this.#server.failure(late, `sent nothing for too long (${code})`);
    }
    return CUT.has(code)
      ? this.#server.failure('answer-cut', `closed the connection before it had answered (${code})`)
      : this.#server.failure('server-unreachable', `cannot be reached (${code})`);
  }
}

const CUT: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** fetch says only 'fetch failed' or 'terminated'; the reason is its cause. */
function causeCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : 'unknown';
}
