import type { Duplex } from 'node:stream';
import type { AudioFrame } from '@earshot/audio';
import type { Line, LineEvent } from '@earshot/conversation';
import type { WebSocket } from 'ws';
import { CallerSide } from './caller-side.ts';
import { LineCounts } from './line-counts.ts';
import { LineEvents } from './line-events.ts';
import type { LineFault } from './line-fault.ts';
import { parseMediaMessage } from './media-message.ts';
import { readMessages } from './message-reader.ts';
import type { Ticker } from './pacing-clock.ts';
import { SpeechSender } from './speech-sender.ts';
import { type StreamStart, startStream } from './stream-start.ts';
import { textFrame } from './text-frame.ts';

export interface TwilioLineOptions {
  /** One for all lines of the process. */
  readonly clock: Ticker;
  /** Whether the stream is wanted, by what Twilio says of it. Default: every stream is. */
  readonly authorize?: (start: StreamStart) => boolean;
  /** Told of each fault, without content, as it is counted. */
  readonly report?: (fault: LineFault) => void;
  /**
   * The TCP socket under the WebSocket. With it, speech and its mark leave as one packet, and what
   * Twilio says is read from it: `ws` takes two to three times as long for both.
   */
  readonly transport?: Duplex;
  /** Most speech sent beyond what was heard. Default 400. */
  readonly sendAheadMs?: number;
  /** Most speech that waits to be sent before `play` makes its producer wait. Default 240. */
  readonly queueMs?: number;
  /** Most caller audio that waits for its consumer. Default 2000. */
  readonly callerQueueMs?: number;
  /** Twilio sends audio all the time; a socket that is silent for so long is dead. Default 15000. */
  readonly idleTimeoutMs?: number;
  readonly startTimeoutMs?: number;
}

/** WebSocket close code of an ordinary end; any other is an error to Twilio (31921). */
const NORMAL = 1000;
/** A peer that does not close within this time is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Some 12 s of speech: a socket that holds so much back is not being read. */
const MOST_UNSENT_BYTES = 128 * 1024;
/** Twilio sends audio every 20 ms: a peer that was silent for so long may not be there any more. */
const ALIVE_MS = 1_000;
/** A socket that stays full for so long is lost. */
const STALL_TIMEOUT_MS = 10_000;

/** A call's audio over one Twilio Media Stream. Frames of the caller are 8 kHz. */
export class TwilioLine implements Line {
  readonly start: StreamStart;
  readonly #counts: LineCounts;
  readonly #socket: WebSocket;
  readonly #options: TwilioLineOptions;
  readonly #events: LineEvents;
  readonly #caller: CallerSide;
  readonly #speech: SpeechSender;
  readonly #ticking: Disposable;
  #messageAtMs: number;
  #aliveSinceMs: number;
  #fullSinceMs: number | null = null;
  #closing: Promise<void> | null = null;

  /**
   * Takes a freshly opened WebSocket and resolves with the line when its stream starts. Rejects with
   * a coded `TwilioError`, or the signal's reason, and closes the socket then. The signal counts
   * until the line is there.
   */
  static accept(
    socket: WebSocket,
    options: TwilioLineOptions,
    signal: AbortSignal,
  ): Promise<TwilioLine> {
    const { transport, report = () => {} } = options;
    if (transport) readMessages(socket, transport);
    const counts = new LineCounts(report);
    const waiting = {
      authorize: options.authorize ?? (() => true),
      startTimeoutMs: options.startTimeoutMs ?? 5_000,
      report: (fault: LineFault) => counts.fault(fault),
    };
    const open = (start: StreamStart) => new TwilioLine(socket, start, counts, options);
    return startStream(socket, waiting, open, signal);
  }

  private constructor(
    socket: WebSocket,
    start: StreamStart,
    counts: LineCounts,
    options: TwilioLineOptions,
  ) {
    const { streamSid } = start;
    const { clock, callerQueueMs = 2_000, sendAheadMs = 400, queueMs = 240 } = options;
    this.start = start;
    this.#socket = socket;
    this.#options = options;
    this.#counts = counts;
    const events = new LineEvents(callerQueueMs, (ms) => counts.dropped(ms));
    this.#events = events;
    this.#speech = new SpeechSender({
      streamSid,
      sendAheadMs,
      queueMs,
      now: () => clock.now(),
      send: (messages) => this.#send(messages),
      isFull: () => this.#isFull(),
      report: (fault) => counts.fault(fault),
    });
    this.#caller = new CallerSide({
      streamSid,
      events,
      counts,
      marked: (name) => this.#marked(name),
      stopped: () => this.#end({ type: 'hung-up' }),
    });
    this.#messageAtMs = clock.now();
    this.#aliveSinceMs = this.#messageAtMs;
    this.#ticking = clock.join((nowMs) => this.#tick(nowMs));
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => this.#end({ type: 'lost', reason: 'closed' }));
  }

  get counts(): Readonly<LineCounts> {
    return this.#counts;
  }

  events(signal: AbortSignal): AsyncIterable<LineEvent> {
    return this.#events.until(signal);
  }

  /** Resolves, too, when aborted and when the line is gone: the wait is over then. */
  play(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    return this.#speech.play(frame, signal);
  }

  flush(): void {
    this.#speech.flush();
  }

  /** Resolves, too, when aborted. Ends the run of speech. */
  drain(signal: AbortSignal): Promise<void> {
    return this.#speech.drain(signal);
  }

  clear(): number {
    this.#counts.clearsSent += 1;
    return this.#speech.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
    this.#closing ??= close(this.#socket);
    return this.#closing;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const nowMs = this.#options.clock.now();
    if (this.#aliveMs(nowMs) === 0) this.#aliveSinceMs = nowMs;
    this.#messageAtMs = nowMs;
    this.#caller.receive(parseMediaMessage(data, isBinary));
  }

  #marked(name: string): void {
    if (this.#speech.returned(name)) this.#tellHeard();
  }

  #tellHeard(): void {
    this.#events.push({ type: 'heard', positionMs: this.#speech.heardMs });
  }

  #tick(nowMs: number): void {
    const fullMs = this.#isFull() ? nowMs - (this.#fullSinceMs ?? nowMs) : 0;
    const idleMs = nowMs - this.#messageAtMs;
    if (idleMs > (this.#options.idleTimeoutMs ?? 15_000)) this.#giveUp('idle');
    else if (fullMs > STALL_TIMEOUT_MS) this.#giveUp('stalled');
    else if (this.#speech.tick(nowMs, this.#aliveMs(nowMs))) this.#tellHeard();
  }

  /** For how long messages have come without a gap, up to now. */
  #aliveMs(nowMs: number): number {
    return nowMs - this.#messageAtMs < ALIVE_MS ? nowMs - this.#aliveSinceMs : 0;
  }

  /** The other end does not answer, so there is no use in a closing handshake. */
  #giveUp(reason: string): void {
    this.#end({ type: 'lost', reason });
    this.#socket.terminate();
  }

  #isFull(): boolean {
    const full = this.#socket.bufferedAmount > MOST_UNSENT_BYTES;
    if (full && this.#fullSinceMs === null) {
      this.#fullSinceMs = this.#options.clock.now();
      this.#counts.fault('socket-full');
    }
    if (!full) this.#fullSinceMs = null;
    return full;
  }

  #send(messages: readonly string[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { transport } = this.#options;
    if (transport) transport.write(messages.map(textFrame).join(''), 'latin1');
    else for (const message of messages) this.#socket.send(message);
    this.#counts.messagesSent += messages.length;
  }

  #end(event: LineEvent): void {
    this.#events.push(event);
    this.#leave();
  }

  #leave(): void {
    this.#ticking[Symbol.dispose]();
    this.#events.end();
    this.#speech.end();
  }
}

/** Resolves once the socket is down. */
async function close(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.close(NORMAL);
  await promise;
  clearTimeout(timer);
}
