import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CallPlan } from '@earshot/calls';
import { TwilioError, TwilioLine } from '@earshot/twilio';
import { type WebSocket, WebSocketServer } from 'ws';
import { MEDIA_PATH } from '../public-urls.ts';
import type { Services } from '../services.ts';
import type { LiveCalls } from './live-calls.ts';

/** Larger messages are counted and overlooked up to this size; beyond it the socket is cut. */
const MOST_MESSAGE_BYTES = 1024 * 1024;
/** A peer that does not answer our close within this time is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** So many streams may wait for their start at once: more than any burst of calls. */
const MOST_STARTING = 500;

// A constant of its own, since the types of `ws` do not know `closeTimeout` yet.
const OPTIONS = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: MOST_MESSAGE_BYTES,
  closeTimeout: CLOSE_TIMEOUT_MS,
  clientTracking: false,
};

type Door = Pick<
  Services,
  'urls' | 'signatures' | 'readiness' | 'tokens' | 'callSids' | 'clock' | 'log'
>;

export interface MediaSocketParts extends Door {
  /** What was ordered of a call; null when nobody knows it. Must not keep a caller waiting. */
  readonly plans: { find(callId: string): Promise<CallPlan | null> };
  readonly calls: Pick<LiveCalls, 'take'>;
}

/** Where Twilio's media streams arrive. Disposing it refuses new ones; calls that live go on. */
export class MediaSocket implements Disposable {
  readonly #parts: MediaSocketParts;
  readonly #sockets = new WebSocketServer(OPTIONS);
  readonly #stop = new AbortController();
  /** Let in, and no line's yet. Node's server has forgotten them, so that nobody else closes them. */
  readonly #starting = new Set<Duplex>();

  constructor(server: Server, parts: MediaSocketParts) {
    this.#parts = parts;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error('The server is stopping'));
    for (const socket of this.#starting) socket.destroy();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener a peer that resets the connection would end the process.
    socket.on('error', () => socket.destroy());
    const status = this.#refusal(request);
    if (status !== null) {
      this.#parts.log.warn({ status }, 'media socket refused');
      refuse(socket, status);
      return;
    }
    this.#starting.add(socket);
    socket.once('close', () => this.#starting.delete(socket));
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void this.#accept(webSocket, socket);
    });
  }

  #refusal(request: IncomingMessage): number | null {
    const { urls, signatures, readiness } = this.#parts;
    const path = request.url?.replace(/[?#].*$/, '').replace(/\/$/, '');
    const paths = [MEDIA_PATH, urls.media.pathname.replace(/\/$/, '')];
    if (path === undefined || !paths.includes(path)) return 404;
    if (!signatures.upgrade(request)) return 403;
    if (!readiness.ready || this.#stop.signal.aborted) return 503;
    return this.#starting.size < MOST_STARTING ? null : 503;
  }

  async #accept(socket: WebSocket, transport: Duplex): Promise<void> {
    const { clock, tokens, callSids, plans, calls, log } = this.#parts;
    try {
      const line = await TwilioLine.accept(
        socket,
        {
          clock,
          transport,
          authorize: ({ callSid, customParameters: { call = '', token } }) =>
            tokens.redeem(token, call) && callSids.mayBe(callSid, call),
        },
        this.#stop.signal,
      );
      this.#starting.delete(transport);
      const plan = await plans.find(line.start.customParameters.call ?? '').catch(() => null);
      if (plan) await calls.take(line, plan);
      else {
        log.warn({ code: 'call-not-found' }, 'media stream refused');
        await line[Symbol.asyncDispose]();
      }
    } catch (error) {
      const code = error instanceof TwilioError ? error.code : 'stopping';
      if (error instanceof TwilioError || this.#stop.signal.aborted)
        log.warn({ code }, 'media stream refused');
      else log.error({ err: error }, 'media stream failed');
    }
  }
}

/** A peer that keeps its half of the connection open, or does not read, is cut off. */
function refuse(socket: Duplex, status: number): void {
  const cutOff = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS).unref();
  socket.once('finish', () => socket.destroy()).once('close', () => clearTimeout(cutOff));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
