import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@earshot/process';
import { FakeCarrier } from '../carrier.fake.ts';
import { loadConfig } from '../config.ts';
import { ScriptedDesk } from '../live/scripted-desk.fake.ts';
import { type Server, start } from '../start.ts';
import { FakeTwilioApi } from './twilio-api.fake.ts';

const AUTH_TOKEN = 'a'.repeat(32);

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A whole server in memory, with scripted agents, and a carrier that keeps what it is asked for. */
export class TestServer implements AsyncDisposable {
  readonly base: string;
  readonly carrier: FakeCarrier;
  readonly twilio: FakeTwilioApi;
  readonly #server: Server;
  readonly #log: () => string;
  readonly #resources: AsyncDisposable;

  private constructor(
    server: Server,
    twilio: FakeTwilioApi,
    log: () => string,
    resources: AsyncDisposable,
  ) {
    this.base = server.url.replace(/\/$/, '');
    this.carrier = new FakeCarrier(this.base, AUTH_TOKEN);
    this.twilio = twilio;
    this.#server = server;
    this.#log = log;
    this.#resources = resources;
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    await using opened = new AsyncDisposableStack();
    const twilio = opened.use(await FakeTwilioApi.open());
    const dataDir = join(tmpdir(), `earshot-api-${randomUUID()}`);
    opened.defer(() => rm(dataDir, { recursive: true, force: true }));
    const config = loadConfig({
      PORT: '0',
      LOG_LEVEL: 'debug',
      DATABASE_URL: 'memory:',
      DATA_DIR: dataDir,
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_PHONE_NUMBER: '+12025550100',
      TWILIO_API_BASE_URL: twilio.url,
      CALLS_PER_SECOND: '1000',
      ...env,
    });
    let written = '';
    const log = openLog(config, {
      write: (line) => {
        written += line;
      },
    });
    const openDesk = async () => new ScriptedDesk();
    const server = await start(config, { log, openDesk }, new AbortController().signal);
    opened.use(server);
    return new TestServer(server, twilio, () => written, opened.move());
  }

  drain(): Promise<void> {
    return this.#server.drain();
  }

  get log(): string {
    return this.#log();
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.base + path, init);
    const body = await response.text();
    const { status, headers } = response;
    return { status, headers, body: body === '' ? {} : JSON.parse(body) };
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Orders a call, and waits until it is dialled. */
  async order(order: object = {}): Promise<{ readonly id: string; readonly sid: string }> {
    const dialled = this.twilio.dialled();
    const { body } = await this.post('/calls', { phone_number: '+12025550142', ...order });
    return { id: String(body.call_id), sid: await dialled };
  }

  /** Tells what Twilio tells of a call. */
  status(id: string, sid: string, status: string, sequence: number): Promise<{ status: number }> {
    this.twilio.became(sid, status);
    const form = { CallSid: sid, CallStatus: status, SequenceNumber: `${sequence}` };
    return this.carrier.post(`/twilio/status/${id}`, form);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }
}
