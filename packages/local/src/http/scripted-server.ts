import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answers one request; what it throws becomes a plain 500. */
export type ScriptedHandler = (request: SeenRequest, response: ServerResponse) => Promise<void>;

/** A whole answer that is not what was asked for. */
export interface ScriptedRefusal {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real HTTP server on a free port of 127.0.0.1 that counts what is asked of it. */
export class ScriptedServer implements AsyncDisposable {
  readonly url: string;
  readonly #requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #mostOpen = 0;
  #connections = 0;
  #abandoned = 0;

  protected constructor(server: Server, handler: ScriptedHandler) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', () => {
      this.#connections += 1;
    });
    server.on('request', (request, response) => void this.#answer(request, response, handler));
  }

  protected static async listen(): Promise<Server> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  /** Requests whose answers are being made. */
  get openAnswers(): number {
    return this.#open.size;
  }

  get mostOpenAnswers(): number {
    return this.#mostOpen;
  }

  /** Answers whose client left before the end. */
  get abandonedAnswers(): number {
    return this.#abandoned;
  }

  get connections(): number {
    return this.#connections;
  }

  /** Resolves once no answer is open: at once, or when the last one ends or its client has left. */
  async quiet(): Promise<void> {
    while (this.#open.size > 0) {
      await Promise.all([...this.#open].map((response) => once(response, 'close')));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(
    incoming: IncomingMessage,
    response: ServerResponse,
    handler: ScriptedHandler,
  ): Promise<void> {
    this.#open.add(response);
    this.#mostOpen = Math.max(this.#mostOpen, this.#open.size);
    response.on('close', () => {
      this.#open.delete(response);
      if (!response.writableFinished) this.#abandoned += 1;
    });
    try {
      const body = await buffer(incoming);
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body };
      this.#requests.push(request);
      await handler(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else refuse(response, { status: 500, body: String(error), contentType: 'text/plain' });
    }
  }
}

export function refuse(response: ServerResponse, refusal: ScriptedRefusal): void {
  const { status, body, contentType = 'application/json', headers = {} } = refusal;
  response.writeHead(status, { 'content-type': contentType, ...headers }).end(body);
}

export function sendJson(response: ServerResponse, json: unknown, status = 200): void {
  refuse(response, { status, body: JSON.stringify(json) });
}
