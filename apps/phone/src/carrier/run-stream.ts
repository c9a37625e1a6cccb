import type { WebSocket } from 'ws';
import type { CallContext } from './call-context.ts';
import {
  checkStreamUrl,
  connectMedia,
  isProtocolError,
  judgeClose,
  type Refusal,
  sendBounded,
} from './media-socket.ts';
import { aborted, passes } from './pass-time.ts';
import { newSid, sign } from './signature.ts';
import { StreamProtocol } from './stream-protocol.ts';
import type { StreamVerb } from './verb.ts';

/** How long the server has to answer our close. */
const CLOSE_MS = 2_000;
/** A server that does not notice a dead network within this time leaks its calls. */
const HALF_OPEN_MS = 60_000;

/** One `<Stream>` from the upgrade to its end. Returns when the server closed it, or the call is over or directed elsewhere. */
export async function runStream(
  verb: StreamVerb,
  documentUrl: string,
  context: CallContext,
): Promise<void> {
  const { call, statusCallback, callSid, accountSid } = context;
  const streamSid = newSid('MZ');
  const find = call.findings.forStream();
  const names = { StreamSid: streamSid, StreamName: verb.name ?? streamSid };
  const facts = { AccountSid: accountSid, CallSid: callSid, ...names };
  const fail = ({ code, text }: Refusal) => {
    find(code, text);
    statusCallback.tell(verb, documentUrl, 'stream-error', {
      ...facts,
      StreamError: `${code} ${text}`,
    });
  };
  const url = checkStreamUrl(verb.url, find);
  if (!url) return;
  const signature = sign(context.authToken, url);
  const opened = (socket: WebSocket) => new OpenStream(socket, verb, streamSid, context, find);
  const stream = await connectMedia(url, signature, opened, call.interrupted);
  if ('code' in stream) {
    if (!call.interrupted.aborted) fail(stream);
    return;
  }
  statusCallback.tell(verb, documentUrl, 'stream-started', facts);
  const refusal = await stream.run();
  if (refusal) fail(refusal);
  statusCallback.tell(verb, documentUrl, 'stream-stopped', facts);
}

/** A connected stream: the protocol on its socket. */
class OpenStream {
  readonly #socket: WebSocket;
  readonly #streamSid: string;
  readonly #context: CallContext;
  readonly #protocol: StreamProtocol;
  readonly #closed = Promise.withResolvers<number>();
  #isClosed = false;
  #protocolError: Error | null = null;

  constructor(
    socket: WebSocket,
    { parameters }: StreamVerb,
    streamSid: string,
    context: CallContext,
    find: (code: string, text: string) => void,
  ) {
    const { accountSid, callSid, call } = context;
    this.#socket = socket;
    this.#streamSid = streamSid;
    this.#context = context;
    const identity = { streamSid, callSid, accountSid, customParameters: parameters };
    const send = (text: string) => {
      if (sendBounded(socket, text)) return;
      find('31930', 'The server takes the caller’s audio too slowly; some of it was lost.');
    };
    this.#protocol = new StreamProtocol(identity, call, send, find);
    this.#listen();
  }

  async run(): Promise<Refusal | null> {
    const { call } = this.#context;
    const streamSid = this.#streamSid;
    call.observe({ type: 'stream-started', atMs: call.nowMs, streamSid });
    call.note({ type: 'stream-started', atMs: call.nowMs });
    this.#protocol.start();
    using _connected = call.connect(this.#protocol);
    await Promise.race([this.#closed.promise, aborted(call.interrupted)]);
    const byUs = !this.#isClosed;
    if (byUs) await this.#hangUp();
    const code = await this.#closed.promise;
    const byCaller = byUs && call.ended.aborted;
    const by = byCaller ? 'caller' : code === 1006 ? 'network' : 'server';
    const { maxBufferedMs } = this.#protocol;
    const atMs = call.nowMs;
    call.observe({ type: 'stream-ended', atMs, streamSid, by, maxBufferedMs });
    call.note({ type: 'stream-ended', atMs });
    return byUs || this.#protocol.halfOpen ? null : judgeClose(code, this.#protocolError);
  }

  #listen(): void {
    this.#socket.on('message', (data, isBinary) => {
      this.#protocol.receive(asBuffer(data), isBinary);
    });
    this.#socket.on('ping', (data) => {
      if (!this.#protocol.halfOpen) this.#socket.pong(data);
    });
    this.#socket.on('error', (cause) => {
      if (isProtocolError(cause)) this.#protocolError ??= cause;
    });
    this.#socket.on('close', (code) => {
      this.#isClosed = true;
      this.#closed.resolve(code);
    });
  }

  /** The call is over, or goes on elsewhere: `stop` and a close, or, where the network is dead, nothing at all. */
  async #hangUp(): Promise<void> {
    const { clock, call, signal } = this.#context;
    if (this.#protocol.halfOpen) {
      await passes(clock, HALF_OPEN_MS, this.#closed.promise, signal);
      if (!this.#isClosed && !signal.aborted) {
        const text = `the server kept a dead socket for more than ${HALF_OPEN_MS / 1000} s`;
        call.findings.add('dead-socket', text);
      }
    } else {
      this.#protocol.stop();
      this.#socket.close(1000);
      await passes(clock, CLOSE_MS, this.#closed.promise);
      if (!this.#isClosed) call.findings.add('no-close', 'the server did not answer our close');
    }
    this.#socket.terminate();
  }
}

function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
