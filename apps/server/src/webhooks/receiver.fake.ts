import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A user's server: keeps what it is sent, and answers as it is told to. */
export class FakeReceiver implements AsyncDisposable {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, received: Received) => void = (response) => {
    response.writeHead(204).end();
  };
  #server = createServer((request, response) => void this.#take(request, response));
  #news = Promise.withResolvers<void>();

  static async open(): Promise<FakeReceiver> {
    const receiver = new FakeReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Resolves once so many have come. */
  async has(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await this.#news.promise;
    return this.received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const received = { url: request.url ?? '', headers: request.headers, body };
    this.received.push(received);
    this.answer(response, received);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
