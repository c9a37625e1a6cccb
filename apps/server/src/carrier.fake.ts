import { once } from 'node:events';
import { sign } from '@earshot/twilio';
import { WebSocket } from 'ws';

const FRAME = Buffer.alloc(160, 0xff).toString('base64');

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Twilio, as far as a server sees it: signs, posts forms, opens streams, returns marks at once. */
export class FakeCarrier {
  readonly base: string;
  readonly authToken: string;

  constructor(base: string, authToken: string) {
    this.base = base.replace(/\/$/, '');
    this.authToken = authToken;
  }

  async post(path: string, form: Record<string, string>, headers = {}): Promise<Answer> {
    const url = this.base + path;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': sign(this.authToken, url, form), ...headers },
      body: new URLSearchParams(form),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Reports a call that comes in, and reads from the answer where its stream is to go. */
  async ring(callSid: string, path = '/twilio/voice'): Promise<StreamVerb> {
    const { text } = await this.post(path, {
      CallSid: callSid,
      From: '+15550123',
      To: '+15550100',
    });
    return readStream(text);
  }

  socket(url: string, signature = sign(this.authToken, url)): WebSocket {
    return new WebSocket(url, {
      headers: { 'X-Twilio-Signature': signature },
      perMessageDeflate: false,
    });
  }

  async stream(callSid: string, { url, parameters }: StreamVerb): Promise<FakeStream> {
    const socket = this.socket(url);
    const stream = new FakeStream(socket);
    await once(socket, 'open');
    stream.start(callSid, parameters);
    return stream;
  }

  /** A call from the webhook to the stream. */
  async call(callSid: string): Promise<FakeStream> {
    return this.stream(callSid, await this.ring(callSid));
  }
}

export interface StreamVerb {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function readStream(twiml: string): StreamVerb {
  const url = /<Stream url="([^"]+)"/.exec(twiml)?.[1] ?? '';
  const found = twiml.matchAll(/<Parameter name="([^"]+)" value="([^"]+)"\/>/g);
  return { url, parameters: Object.fromEntries([...found].map(([, key, value]) => [key, value])) };
}

/** One media stream. Counts what it is sent. */
export class FakeStream implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #chunk = 0;
  #heardMs = 0;
  #heard = Promise.withResolvers<void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    socket.on('close', resolve).on('error', () => {});
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString())));
  }

  start(callSid: string, customParameters: Readonly<Record<string, string>>): void {
    this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    const start = { streamSid: 'MZ1', accountSid: 'AC1', callSid, mediaFormat, customParameters };
    this.send({ event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start });
  }

  /** So many frames of silence. */
  speak(frames: number): void {
    for (let i = 0; i < frames; i += 1) {
      const timestamp = String(this.#chunk * 20);
      this.#chunk += 1;
      const media = { track: 'inbound', chunk: String(this.#chunk), timestamp, payload: FRAME };
      this.send({ event: 'media', sequenceNumber: '2', streamSid: 'MZ1', media });
    }
  }

  press(digit: string): void {
    this.send({ event: 'dtmf', streamSid: 'MZ1', dtmf: { track: 'inbound_track', digit } });
  }

  stop(): void {
    this.send({ event: 'stop', streamSid: 'MZ1', stop: {} });
    this.socket.close();
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Resolves once this much of the agent's speech has come. */
  async hears(ms: number): Promise<void> {
    while (this.#heardMs < ms) await this.#heard.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  #receive(message: { event: string; media?: { payload: string }; mark?: { name: string } }): void {
    if (message.mark) this.send({ event: 'mark', streamSid: 'MZ1', mark: message.mark });
    if (!message.media) return;
    this.#heardMs += Buffer.from(message.media.payload, 'base64').length / 8;
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }
}
