import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one answer differs from an ordinary one. */
export interface Trouble {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Other bytes than those that lie there. */
  readonly body?: Buffer;
  /** Not another byte after so many; `breakOff` ends the connection. */
  readonly stallAfter?: number;
}

interface Habits {
  /** Answers ranges. Default true. */
  readonly ranges?: boolean;
  /** Publishes sha256 digests as the hub does. */
  readonly publishes?: boolean;
  /** Sends along ETags. Default true. */
  readonly etags?: boolean;
}

/** Serves files from memory, as a mirror or as the hub, with the troubles it is given. */
export class ModelServer implements AsyncDisposable {
  readonly files = new Map<string, Buffer>();
  /** By path, one for each request to come. */
  readonly troubles = new Map<string, Trouble[]>();
  readonly requests: { readonly path: string; readonly range: string | undefined }[] = [];
  readonly #habits: Habits;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  private constructor(habits: Habits) {
    this.#habits = habits;
  }

  static async open(habits: Habits = {}): Promise<ModelServer> {
    const server = new ModelServer(habits);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  breakOff(): void {
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '', this.url.href).pathname).slice(1);
    const { range } = request.headers;
    this.requests.push({ path, range });
    const trouble = this.troubles.get(path)?.shift() ?? {};
    const file = trouble.body ?? this.files.get(path);
    if (!file) {
      response.writeHead(trouble.status ?? 404, trouble.headers).end('no such file');
      return;
    }
    const { ranges = true, publishes = false, etags = true } = this.#habits;
    const digest = createHash('sha256')
      .update(this.files.get(path) ?? file)
      .digest('hex');
    const etag = `"${digest.slice(0, 12)}"`;
    const headers = {
      ...(etags ? { etag } : {}),
      ...(publishes
        ? { 'x-linked-etag': `"${digest}"`, 'x-linked-size': String(this.files.get(path)?.length) }
        : {}),
    };
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const fresh = !ranges || from === 0 || request.headers['if-range'] !== etag;
    const tooFar = !fresh && from >= file.length;
    const body = fresh ? file : file.subarray(from);
    const status = trouble.status ?? (tooFar ? 416 : fresh ? 200 : 206);
    const contentRange = `bytes ${from}-${file.length - 1}/${file.length}`;
    response.writeHead(status, {
      ...headers,
      'content-length': body.length,
      ...(status === 206 ? { 'content-range': contentRange } : {}),
      ...trouble.headers,
    });
    this.#send(body, trouble, response);
  }

  #send(body: Buffer, { stallAfter }: Trouble, response: ServerResponse): void {
    if (stallAfter === undefined) response.end(body);
    else response.write(body.subarray(0, stallAfter));
  }
}
