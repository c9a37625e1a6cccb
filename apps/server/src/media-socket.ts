import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TwilioError, TwilioLine } from '@earshot/twilio';
import { type WebSocket, WebSocketServer } from 'ws';
import { MEDIA_PATH } from './public-urls.ts';
import type { Services } from './services.ts';

/** Larger messages are counted and overlooked up to this size; beyond it the socket is cut. */
const MOST_MESSAGE_BYTES = 1024 * 1024;
/** A peer that does not answer our close within this time is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;

// A constant of its own, since the types of `ws` do not know `closeTimeout` yet.
const OPTIONS = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: MOST_MESSAGE_BYTES,
  closeTimeout: CLOSE_TIMEOUT_MS,
  clientTracking: false,
};

/** Where Twilio's media streams arrive. Disposing it refuses new ones; calls that live go on. */
export class MediaSocket implements Disposable {
  readonly #services: Services;
  readonly #sockets = new WebSocketServer(OPTIONS);
  readonly #stop = new AbortController();

  constructor(server: Server, services: Services) {
    this.#services = services;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error('The server is stopping'));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener a peer that resets the connection would end the process.
    socket.on('error', () => socket.destroy());
    const status = this.#refusal(request);
    if (status !== null) {
      this.#services.log.warn({ status }, 'media socket refused');
      refuse(socket, status);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void this.#accept(webSocket, socket);
    });
  }

  #refusal(request: IncomingMessage): number | null {
    const { urls, signatures, readiness } = this.#services;
    const path = request.url?.replace(/[?#].*$/, '').replace(/\/$/, '');
    const paths = [MEDIA_PATH, urls.media.pathname.replace(/\/$/, '')];
    if (path === undefined || !paths.includes(path)) return 404;
    if (!signatures.upgrade(request)) return 403;
    return readiness.ready && !this.#stop.signal.aborted ? null : 503;
  }

  async #accept(socket: WebSocket, transport: Duplex): Promise<void> {
    const { clock, tokens, records, calls, log } = this.#services;
    try {
      const line = await TwilioLine.accept(
        socket,
        {
          clock,
          transport,
          authorize: ({ callSid, customParameters: { call, token } }) =>
            tokens.redeem(token, callSid) && records.get(callSid)?.callId === call,
        },
        this.#stop.signal,
      );
      await calls.take(line, records.open(line.start.callSid));
    } catch (error) {
      const code = error instanceof TwilioError ? error.code : 'stopping';
      log.warn({ code }, 'media stream refused');
    }
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
