import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { newSid } from '../carrier/signature.ts';
import { ListenError } from '../network/coded-errors.ts';
import type { Pace } from '../network/pace.ts';
import { CALL_ROUTES } from './call-routes.ts';
import { EMULATOR_ROUTES } from './emulator-routes.ts';
import { NUMBER_ROUTES } from './number-routes.ts';
import { RECORDING_ROUTES } from './recording-routes.ts';
import { RestError } from './rest-error.ts';
import { type Account, findRoute, type RestAnswer, type RestRequest } from './route.ts';

const ROUTES = [...CALL_ROUTES, ...RECORDING_ROUTES, ...NUMBER_ROUTES, ...EMULATOR_ROUTES];
const MAX_BODY_BYTES = 64 * 1024;
const SLOW_MS = 5_000;
const CALLS_PATH = /\/Calls\.json$/;

export interface RestServerOptions {
  readonly account: Account;
  readonly authToken: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** More requests than this at the same time are answered with 429. */
  readonly maxConcurrentRequests: number;
  readonly pace: Pace;
  readonly complain: (line: string) => void;
}

/** Twilio's REST API over HTTP. */
export class RestServer implements AsyncDisposable {
  readonly #options: RestServerOptions;
  readonly #http = createServer((request, response) => void this.#serve(request, response));
  readonly #closing = new AbortController();
  #concurrent = 0;

  private constructor(options: RestServerOptions) {
    this.#options = options;
  }

  /** Throws a `ListenError` when the address is not to be had. */
  static async open(options: RestServerOptions): Promise<RestServer> {
    const server = new RestServer(options);
    server.#http.listen(options.port, options.host);
    try {
      await once(server.#http, 'listening');
      return server;
    } catch (cause) {
      const where = `${options.host}:${options.port}`;
      const text = `Cannot listen on ${where}: choose another --port, or stop what listens there.`;
      throw new ListenError(text, { cause });
    }
  }

  get url(): string {
    const { address, port, family } = this.#http.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { troubles } = this.#options.account;
    response.on('error', () => request.destroy());
    if (isTwilios(request) && troubles.strikes('down')) return void request.socket.destroy();
    this.#concurrent += 1;
    try {
      const answer = await this.#answer(request);
      const created = request.method === 'POST' && CALLS_PATH.test(request.url ?? '');
      if (created && troubles.strikes('lost-answer')) request.socket.destroy();
      else await send(response, answer);
    } catch (cause) {
      this.#refuse(request, response, cause);
    } finally {
      this.#concurrent -= 1;
    }
  }

  async #answer(request: IncomingMessage): Promise<RestAnswer> {
    const { account, authToken, maxConcurrentRequests, pace } = this.#options;
    const body = await bodyOf(request);
    if (!isAuthorized(request, account.accountSid, authToken)) throw new RestError(20003);
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (!url) throw new RestError(20404);
    const { pathname: path, searchParams: query } = url;
    if (isTwilios(request)) {
      if (this.#concurrent > maxConcurrentRequests) throw new RestError(20429);
      if (account.troubles.strikes('429')) throw new RestError(20429);
      if (account.troubles.strikes('5xx')) throw new RestError(20503);
      if (account.troubles.strikes('slow')) await pace.pass(SLOW_MS, this.#closing.signal);
    }
    const found = findRoute(ROUTES, request.method ?? '', path);
    if (found === null) throw new RestError(20404, path);
    if (found === 'method') throw new RestError(20004);
    const { route, names } = found;
    if (names.account !== undefined && names.account !== account.accountSid) {
      throw new RestError(20003);
    }
    const asked: RestRequest = { method: route.method, path, query, body, names };
    return route.handle(asked, account);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, cause: unknown): void {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const error = cause instanceof RestError ? cause : new RestError(20500);
    if (error !== cause) this.#options.complain(`${request.method} failed: ${String(cause)}`);
    writeHead(response, error.status).end(JSON.stringify(error));
  }
}

/** Not the emulator's own, by which troubles are ended again. */
function isTwilios({ url = '' }: IncomingMessage): boolean {
  return !url.startsWith('/emulator/');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // A refused request is answered, so its stream is not destroyed here.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new RestError(20001, 'the body has more than 64 kB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function isAuthorized(
  { headers: { authorization = '' } }: IncomingMessage,
  accountSid: string,
  authToken: string,
): boolean {
  const right = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return timingSafeEqual(digest(authorization), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function writeHead(response: ServerResponse, status: number, type = 'application/json') {
  return response.writeHead(status, {
    'Content-Type': type,
    'Twilio-Request-Id': newSid('RQ'),
    'Cache-Control': 'no-store',
  });
}

async function send(response: ServerResponse, answer: RestAnswer): Promise<void> {
  if ('file' in answer) {
    writeHead(response, 200, 'audio/x-wav');
    await pipeline(createReadStream(answer.file), response);
  } else if ('json' in answer) {
    writeHead(response, answer.status).end(JSON.stringify(answer.json));
  } else {
    writeHead(response, answer.status).end();
  }
}
