import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What reached the server. `form` and `query` are sorted, with repeated names. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly form: readonly (readonly [string, string])[];
  readonly authorization: string;
  readonly accept: string;
  readonly contentType: string;
}

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export const ACCOUNT_SID = `AC${'a'.repeat(32)}`;
export const AUTH_TOKEN = 'a-token-nobody-may-see';
export const CALL_SID = `CA${'c'.repeat(32)}`;
export const NUMBER_SID = `PN${'d'.repeat(32)}`;

/** Stands in for Twilio's REST API: takes down what it gets, and answers as it was told to. */
export class ScriptedTwilio implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #replies: Reply[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Each reply is given once, in this order; after the last, 500. */
  static async open(...replies: readonly Reply[]): Promise<ScriptedTwilio> {
    const server = createServer();
    const scripted = new ScriptedTwilio(server);
    scripted.will(...replies);
    server.on('request', (request, response) => scripted.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  will(...replies: readonly Reply[]): void {
    this.#replies.push(...replies);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.received.push(received(request, Buffer.concat(chunks).toString('utf8')));
      const reply = this.#replies.shift() ?? html(500);
      reply(response, request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

function received({ method = '', url = '', headers }: IncomingMessage, body: string): Received {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  return {
    method,
    path: pathname,
    query: [...searchParams].sort(),
    form: [...new URLSearchParams(body)].sort(),
    authorization: headers.authorization ?? '',
    accept: headers.accept ?? '',
    contentType: headers['content-type'] ?? '',
  };
}

export function answers(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Twilio's errors name numbers in their words. */
export function refuses(status: number, code: number, headers?: Record<string, string>): Reply {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  const message = `The number +15005550001 is not valid (${AUTH_TOKEN})`;
  return answers(status, { code, message, more_info, status }, headers);
}

export function html(status: number, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end('<html>+15005550001</html>');
  };
}

/** Answers a good beginning, and breaks off. */
export function breaksOff(): Reply {
  return (response) => {
    response.writeHead(201, { 'content-length': '1000' });
    response.write('{"sid":', () => response.destroy());
  };
}

export function resets(): Reply {
  return (response) => {
    response.socket?.resetAndDestroy();
  };
}

export function isSilent(): Reply {
  return () => {};
}

export function callResource(changes: Readonly<Record<string, unknown>> = {}): object {
  const created = 'Sat, 21 Nov 2026 12:00:00 +0000';
  return {
    sid: CALL_SID,
    account_sid: ACCOUNT_SID,
    api_version: '2010-04-01',
    status: 'queued',
    direction: 'outbound-api',
    to: '+15005550001',
    from: '+15005550006',
    to_formatted: '(500) 555-0001',
    from_formatted: '(500) 555-0006',
    answered_by: null,
    caller_name: null,
    date_created: created,
    date_updated: created,
    start_time: null,
    end_time: null,
    duration: null,
    parent_call_sid: null,
    phone_number_sid: NUMBER_SID,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    uri: `/2010-04-01/Accounts/${ACCOUNT_SID}/Calls/${CALL_SID}.json`,
    ...changes,
  };
}

export function callList(calls: readonly object[], next: string | null = null): object {
  const uri = `/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json?PageSize=100&Page=0`;
  const pages = { first_page_uri: uri, next_page_uri: next, previous_page_uri: null, uri };
  return { calls, page: 0, page_size: 100, start: 0, end: calls.length - 1, ...pages };
}

export function numberResource(changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    sid: NUMBER_SID,
    account_sid: ACCOUNT_SID,
    phone_number: '+15005550006',
    friendly_name: '(500) 555-0006',
    address_requirements: 'none',
    capabilities: { voice: true, sms: false, mms: true, fax: false },
    voice_url: 'https://voice.example.com/twilio/voice',
    voice_method: 'POST',
    voice_fallback_url: null,
    status_callback: '',
    status: 'in-use',
    type: 'local',
    ...changes,
  };
}
