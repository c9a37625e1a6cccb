import type { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { sign } from '../carrier/signature.ts';

/** What a media socket's opening came to. */
export type Upgrade = { readonly socket: WebSocket } | { readonly status: number };

/** Somebody who can reach the server's port, and may have got hold of its token. */
export class Attacker {
  readonly #base: string;
  readonly #authToken: string;

  constructor(base: string, authToken: string) {
    this.#base = base;
    this.#authToken = authToken;
  }

  /** Sends a request as it is told, and returns its status, or that the server cut it off. */
  async send(path: string, init: RequestInit): Promise<number | 'cut off'> {
    try {
      const response = await fetch(this.#base + path, init);
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      if (error instanceof TypeError) return 'cut off';
      throw error;
    }
  }

  /** A webhook as the carrier would send it. */
  async signed(path: string, form: Readonly<Record<string, string>>): Promise<string> {
    const headers = { 'X-Twilio-Signature': this.signature(this.#base + path, form) };
    const body = new URLSearchParams(form);
    const response = await fetch(this.#base + path, { method: 'POST', headers, body });
    return await response.text();
  }

  signature(url: string, form: Readonly<Record<string, string>> = {}): string {
    return sign(this.#authToken, url, form);
  }

  /** Writes bytes to the port and resolves with what came back when the server has hung up. */
  async write(bytes: string | Uint8Array): Promise<string> {
    const { hostname, port } = new URL(this.#base);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    const closed = closeOf(socket);
    socket.write(bytes);
    await closed;
    return answer;
  }

  async upgrade(url: string, headers: Readonly<Record<string, string>>): Promise<Upgrade> {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    const { promise, resolve } = Promise.withResolvers<Upgrade>();
    socket.on('error', () => {});
    socket.once('open', () => resolve({ socket }));
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve({ status: statusCode });
    });
    return await promise;
  }

  /** A media socket that the server lets in. */
  async media(url: string): Promise<WebSocket> {
    const upgrade = await this.upgrade(url, { 'X-Twilio-Signature': this.signature(url) });
    if ('socket' in upgrade) return upgrade.socket;
    throw new Error(`The media socket was refused with ${upgrade.status}`);
  }
}

/** How the server closes the socket after these messages. */
export async function closeAfter(
  socket: WebSocket,
  messages: readonly (string | Uint8Array)[],
): Promise<number> {
  const closed = closeOf(socket);
  for (const message of messages) socket.send(message);
  return Number(await closed);
}

/** What the event says; a reset connection is closed too. */
function closeOf(socket: EventEmitter): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.on('error', () => {}).once('close', resolve);
  return promise;
}
