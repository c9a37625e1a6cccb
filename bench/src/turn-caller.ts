import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeMulaw, peak } from '@earshot/audio';
import { WebSocket } from 'ws';
import { FRAME_CODES, type Utterable } from './turn-audio.ts';

const FRAME_MS = 20;
const CODES_PER_MS = 8;
/** 16-bit samples above this are the agent's voice. */
const LOUD = 400;
/** How often a wait looks again. */
const LOOK_MS = 20;
const SILENCE = Buffer.alloc(FRAME_CODES, 0xff).toString('base64');
const STREAM = 'MZ00000000000000000000000000000001';

/** When an utterance's first and last voiced frames were sent. */
export interface Said {
  readonly firstMs: number;
  readonly lastMs: number;
}

interface Saying {
  readonly one: Utterable;
  readonly done: (said: Said) => void;
  at: number;
  firstMs: number;
}

/** A telephone on a media stream: 20 ms go out on absolute deadlines, silence when nothing is said. */
export class TurnCaller {
  readonly #socket: WebSocket;
  readonly #startMs = performance.now();
  readonly #loud: number[] = [];
  readonly clears: number[] = [];
  #marks = new AbortController();
  #playedUntilMs = 0;
  #sent = 0;
  #saying: Saying | null = null;
  #lastMs = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    this.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#send({ event: 'start', sequenceNumber: '1', streamSid: STREAM, start: START });
    this.#sleep();
  }

  /** An aborted signal, and a server that hangs up, end the process with an error. */
  static async dial(url: string, signal: AbortSignal): Promise<TurnCaller> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open', { signal });
    signal.addEventListener('abort', () => socket.emit('error', signal.reason));
    const caller = new TurnCaller(socket);
    socket.on('close', () => {
      if (caller.#timer) throw new Error('The server hung up');
    });
    return caller;
  }

  hangUp(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#marks.abort();
    this.#socket.terminate();
  }

  pause(ms: number): Promise<void> {
    return pause(ms);
  }

  /** Resolves when the last of its frames was sent. */
  say(one: Utterable): Promise<Said> {
    return new Promise((done) => {
      this.#saying = { one, done, at: 0, firstMs: 0 };
    });
  }

  /** What `known` tells as soon as it does; undefined after so many ms. */
  async until<T>(known: () => T | undefined, ms: number): Promise<T | undefined> {
    const giveUpAt = performance.now() + ms;
    for (;;) {
      const found = known();
      if (found !== undefined || performance.now() >= giveUpAt) return found;
      await pause(LOOK_MS);
    }
  }

  loudAfter(ms: number): number | undefined {
    return this.#loud.find((at) => at > ms);
  }

  loudBetween(fromMs: number, toMs: number): number {
    return this.#loud.filter((at) => at > fromMs && at <= toMs).length;
  }

  clearAfter(ms: number): number | undefined {
    return this.clears.find((at) => at > ms);
  }

  /** True when nothing of the agent came for so long; undefined otherwise. */
  quietFor(ms: number): true | undefined {
    return performance.now() - (this.#loud.at(-1) ?? -Infinity) > ms ? true : undefined;
  }

  // Node rounds timers up to whole milliseconds, so the aim is just before the deadline.
  #sleep(): void {
    const due = this.#startMs + this.#sent * FRAME_MS;
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, Math.floor(due - performance.now())));
  }

  #speak(): void {
    while (this.#startMs + this.#sent * FRAME_MS <= performance.now() + 0.3) {
      const payload = this.#next();
      const [chunk, timestamp] = [`${this.#sent + 1}`, `${this.#sent * FRAME_MS}`];
      this.#sent++;
      const sequenceNumber = `${this.#sent + 1}`;
      const media = { track: 'inbound', chunk, timestamp, payload };
      this.#send({ event: 'media', sequenceNumber, media, streamSid: STREAM });
    }
    this.#sleep();
  }

  #next(): string {
    const saying = this.#saying;
    if (!saying) return SILENCE;
    const { one, at, done } = saying;
    saying.at++;
    if (at === one.first) saying.firstMs = performance.now();
    if (at === one.last) this.#lastMs = performance.now();
    if (saying.at >= one.frames) {
      this.#saying = null;
      done({ firstMs: saying.firstMs, lastMs: this.#lastMs });
    }
    const codes = one.codes.subarray(at * FRAME_CODES, (at + 1) * FRAME_CODES);
    return Buffer.from(codes).toString('base64');
  }

  #receive(message: Message): void {
    const now = performance.now();
    if (message.event === 'media') {
      const codes = Buffer.from(message.media.payload, 'base64');
      this.#playedUntilMs = Math.max(now, this.#playedUntilMs) + codes.length / CODES_PER_MS;
      if (peak(decodeMulaw(codes)) > LOUD) this.#loud.push(now);
    } else if (message.event === 'mark') {
      void this.#return(message.mark, this.#playedUntilMs - now);
    } else if (message.event === 'clear') {
      this.clears.push(now);
      this.#playedUntilMs = now;
      this.#marks.abort();
      this.#marks = new AbortController();
    }
  }

  /** When what came before it was heard, or cleared. */
  async #return(mark: object, ms: number): Promise<void> {
    const { signal } = this.#marks;
    await pause(Math.max(0, ms), undefined, { signal }).catch(() => {});
    this.#send({ event: 'mark', streamSid: STREAM, mark });
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

type Message =
  | { readonly event: 'media'; readonly media: { readonly payload: string } }
  | { readonly event: 'mark'; readonly mark: object }
  | { readonly event: 'clear' };

const START = {
  streamSid: STREAM,
  accountSid: STREAM.replace('MZ', 'AC'),
  callSid: STREAM.replace('MZ', 'CA'),
  tracks: ['inbound'],
  mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
  customParameters: {},
};
