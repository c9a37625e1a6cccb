import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface FakeCall {
  readonly form: URLSearchParams;
  status: string;
}

/** Twilio's REST API as far as placing calls needs it: what it was asked for is kept. */
export class FakeTwilioApi implements AsyncDisposable {
  readonly calls = new Map<string, FakeCall>();
  /** Updates of calls, in order. */
  readonly updates: { readonly sid: string; readonly form: URLSearchParams }[] = [];
  #server = createServer((request, response) => void this.#answer(request, response));
  #dialled = Promise.withResolvers<string>();

  static async open(): Promise<FakeTwilioApi> {
    const api = new FakeTwilioApi();
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The id of the next call that is dialled. */
  dialled(): Promise<string> {
    return this.#dialled.promise;
  }

  twimlOf(sid: string): string {
    return this.calls.get(sid)?.form.get('Twiml') ?? '';
  }

  became(sid: string, status: string): void {
    const call = this.calls.get(sid);
    if (call) call.status = status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const [, sid] = /\/Calls\/(CA[0-9a-f]{32})\.json/.exec(request.url ?? '') ?? [];
    const body = sid ? this.#one(request.method ?? '', sid, form) : this.#dial(form);
    const status = body === null ? 404 : request.method === 'POST' && !sid ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { code: 20404, message: 'not found', status: 404 }));
  }

  #dial(form: URLSearchParams) {
    const sid = `CA${String(this.calls.size + 1).padStart(32, '0')}`;
    this.calls.set(sid, { form, status: 'queued' });
    this.#dialled.resolve(sid);
    this.#dialled = Promise.withResolvers();
    return resource(sid, 'queued');
  }

  #one(method: string, sid: string, form: URLSearchParams) {
    const call = this.calls.get(sid);
    if (!call) return null;
    if (method === 'POST') {
      this.updates.push({ sid, form });
      call.status = form.get('Status') ?? call.status;
    }
    return resource(sid, call.status);
  }
}

function resource(sid: string, status: string) {
  const dates = { date_created: new Date().toUTCString(), start_time: null, end_time: null };
  return { sid, status, direction: 'outbound-api', answered_by: null, ...dates };
}
