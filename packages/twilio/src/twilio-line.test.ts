import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { type AudioFrame, decodeMulaw, encodeMulaw } from '@earshot/audio';
import type { LineEvent } from '@earshot/conversation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { LineFault } from './line-fault.ts';
import { PERIOD_MS, type Ticker } from './pacing-clock.ts';
import { TwilioLine, type TwilioLineOptions } from './twilio-line.ts';

/** A clock that stands still until told, and then gives every line its turns. */
class ManualClock implements Ticker {
  readonly #ticks = new Set<(nowMs: number) => void>();
  #nowMs = 0;

  get lines(): number {
    return this.#ticks.size;
  }

  now(): number {
    return this.#nowMs;
  }

  join(tick: (nowMs: number) => void): Disposable {
    this.#ticks.add(tick);
    return { [Symbol.dispose]: () => this.#ticks.delete(tick) };
  }

  pass(ms: number): void {
    for (const untilMs = this.#nowMs + ms; this.#nowMs < untilMs; ) {
      this.#nowMs += Math.min(PERIOD_MS, untilMs - this.#nowMs);
      for (const tick of this.#ticks) tick(this.#nowMs);
    }
  }
}

interface Message {
  readonly event: string;
  readonly media?: { readonly payload: string };
  readonly mark?: { readonly name: string };
}

/** The carrier's end of the socket: speaks as Twilio documents, keeps what it is sent. */
class FakeCarrier {
  readonly socket: WebSocket;
  readonly #inbox: Message[] = [];
  #arrived = Promise.withResolvers<void>();
  #chunk = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      expect(isBinary, 'we send text frames only').toBe(false);
      this.#inbox.push(JSON.parse(data.toString()));
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  start(change: object = {}): void {
    this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    const start = {
      streamSid: 'MZ1',
      accountSid: 'AC1',
      callSid: 'CA1',
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { call: 'c1', token: 't1' },
      ...change,
    };
    this.send({ event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start });
  }

  speak(samples: Int16Array, change: object = {}): void {
    this.#chunk += 1;
    const payload = Buffer.from(encodeMulaw(samples)).toString('base64');
    const timestamp = String((this.#chunk - 1) * 20);
    const chunk = String(this.#chunk);
    const media = { track: 'inbound', chunk, timestamp, payload, ...change };
    this.send({ event: 'media', sequenceNumber: '9', streamSid: 'MZ1', media });
  }

  /** The network loses so many frames. */
  lose(frames: number): void {
    this.#chunk += frames;
  }

  returnMark(name: string): void {
    this.send({ event: 'mark', sequenceNumber: '9', streamSid: 'MZ1', mark: { name } });
  }

  stop(): void {
    this.send({ event: 'stop', sequenceNumber: '9', streamSid: 'MZ1', stop: { callSid: 'CA1' } });
  }

  /** The next so many messages that came from the line. */
  async take(count: number): Promise<Message[]> {
    while (this.#inbox.length < count) await this.#arrived.promise;
    return this.#inbox.splice(0, count);
  }

  /** All messages sent so far, proven complete by a round trip. */
  async takeAll(): Promise<Message[]> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
    return this.#inbox.splice(0);
  }
}

const never = new AbortController().signal;
const msOf = ({ media }: Message) => Buffer.from(media?.payload ?? '', 'base64').length / 8;
const shape = (messages: Message[]) =>
  messages.map((message) => (message.media ? msOf(message) : message.event));

/** How long each message of speech is. */
const speechIn = (messages: Message[]) => messages.filter(({ media }) => media).map(msOf);

function speech(ms: number, sampleRate = 8000): AudioFrame {
  const samples = Int16Array.from({ length: (ms * sampleRate) / 1000 }, (_, i) => (i % 50) * 200);
  return { samples, sampleRate };
}

let server: WebSocketServer;
let clock: ManualClock;
let faults: LineFault[];
let carrier: FakeCarrier;
let ours: WebSocket;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  clock = new ManualClock();
  faults = [];
  const connected = once(server, 'connection');
  const theirs = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  carrier = new FakeCarrier(theirs);
  [ours] = await connected;
  if (theirs.readyState !== WebSocket.OPEN) await once(theirs, 'open');
});

afterEach(async () => {
  carrier.socket.terminate();
  ours.terminate();
  server.close();
  await once(server, 'close');
});

const accept = (options: Partial<TwilioLineOptions> = {}, signal = never) =>
  TwilioLine.accept(ours, { clock, report: (fault) => faults.push(fault), ...options }, signal);

async function open(options: Partial<TwilioLineOptions> = {}): Promise<TwilioLine> {
  const line = accept(options);
  carrier.start();
  return line;
}

/** The line's events one by one. */
const eventsOf = (line: TwilioLine) => line.events(never)[Symbol.asyncIterator]();

async function next(events: AsyncIterator<LineEvent>): Promise<LineEvent | 'end'> {
  const { value, done } = await events.next();
  return done ? 'end' : value;
}

describe('a stream that starts', () => {
  test('is a line that knows its call', async () => {
    await using line = await open();
    expect(line.start).toEqual({
      streamSid: 'MZ1',
      accountSid: 'AC1',
      callSid: 'CA1',
      customParameters: { call: 'c1', token: 't1' },
    });
  });

  test('loses none of the audio that comes right behind the start', async () => {
    const accepted = accept();
    carrier.start();
    carrier.speak(new Int16Array(160).fill(1000));
    await using line = await accepted;
    const event = await next(eventsOf(line));
    expect(event).toMatchObject({ type: 'audio', frame: { sampleRate: 8000 } });
  });

  test.each([
    ['start-timeout', { startTimeoutMs: 1 }, () => {}],
    ['closed-before-start', {}, () => carrier.socket.close()],
    ['closed-before-start', {}, () => carrier.socket.terminate()],
    [
      'garbage-before-start',
      {},
      () => {
        for (const rubbish of ['{', '[]', 'x', '{"event":"stop","streamSid":"MZ1"}', '\u0000'])
          carrier.send(rubbish);
      },
    ],
    [
      'unsupported-format',
      {},
      () =>
        carrier.start({ mediaFormat: { encoding: 'audio/l16', sampleRate: 8000, channels: 1 } }),
    ],
    ['stream-refused', { authorize: () => false }, () => carrier.start()],
  ])('is refused as %s when it is no good', async (code, options, act) => {
    const accepted = accept(options);
    act();
    await expect(accepted).rejects.toMatchObject({ name: 'TwilioError', code });
    if (carrier.socket.readyState !== WebSocket.CLOSED) await once(carrier.socket, 'close');
    expect(clock.lines).toBe(0);
  });

  test('is not waited for once aborted', async () => {
    const stop = new AbortController();
    const accepted = accept({}, stop.signal);
    stop.abort(new Error('shutting down'));
    await expect(accepted).rejects.toThrow('shutting down');
    await expect(accept({}, stop.signal)).rejects.toThrow('shutting down');
  });

  test('may be preceded by a message nobody knows', async () => {
    const accepted = accept();
    carrier.speak(speech(20).samples);
    carrier.start();
    await using line = await accepted;
    expect(faults).toEqual(['before-start']);
    expect(line.counts.faults).toEqual({ 'before-start': 1 });
  });
});

describe('what the caller says', () => {
  test('arrives as 8 kHz samples, digits between them, in order', async () => {
    await using line = await open();
    const samples = speech(20).samples;
    carrier.speak(samples);
    carrier.send({ event: 'dtmf', streamSid: 'MZ1', dtmf: { track: 'inbound_track', digit: '#' } });
    carrier.speak(samples.subarray(0, 80));
    const events = eventsOf(line);
    const heard = decodeMulaw(encodeMulaw(samples));
    expect(await next(events)).toEqual({
      type: 'audio',
      frame: { samples: heard, sampleRate: 8000 },
    });
    expect(await next(events)).toEqual({ type: 'digit', digit: '#' });
    const third = await next(events);
    expect(third).toMatchObject({ frame: { samples: heard.subarray(0, 80) } });
  });

  test('is silence where the network lost it, so that time goes on', async () => {
    await using line = await open();
    carrier.speak(speech(20).samples);
    carrier.lose(3);
    carrier.speak(speech(20).samples);
    const events = eventsOf(line);
    const levels: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const event = await next(events);
      if (event !== 'end' && event.type === 'audio')
        levels.push(Math.max(...event.frame.samples.map(Math.abs)));
    }
    expect(levels.map((level) => level > 0)).toEqual([true, false, false, false, true]);
    expect(line.counts.callerLostMs).toBe(60);
    expect(faults).toEqual(['caller-audio-lost']);
  });

  test('is dropped, oldest first, when nobody takes it, and digits are not', async () => {
    await using line = await open({ callerQueueMs: 40 });
    carrier.send({ event: 'dtmf', streamSid: 'MZ1', dtmf: { digit: '1' } });
    for (let i = 0; i < 5; i += 1) carrier.speak(speech(20).samples);
    carrier.stop();
    await carrier.takeAll();
    const all: string[] = [];
    for await (const event of line.events(never)) all.push(event.type);
    expect(all).toEqual(['digit', 'audio', 'audio', 'hung-up']);
    expect(line.counts.callerDroppedMs).toBe(60);
  });
});

describe('garbage on the socket', () => {
  test('of every kind is counted by its kind, and the call goes on', async () => {
    await using line = await open();
    const events = eventsOf(line);
    carrier.send('not json');
    carrier.send('{"event":"news"}');
    carrier.send('{"event":"media","streamSid":"MZ1"}');
    carrier.send({ event: 'media', streamSid: 'MZ2', media: mediaOf('AAAA') });
    carrier.send({ event: 'media', streamSid: 'MZ1', media: mediaOf('A!') });
    carrier.send({ event: 'media', streamSid: 'MZ1', media: mediaOf('AAAA', 'outbound') });
    carrier.send('x'.repeat(70_000));
    carrier.socket.send(Buffer.from([1, 2, 3]));
    carrier.start();
    carrier.returnMark('0-77');
    carrier.send({ event: 'stop', streamSid: 'MZ2' });
    carrier.speak(speech(20).samples);
    expect(await next(events)).toMatchObject({ type: 'audio' });
    expect(faults).toEqual([
      'not-json',
      'unknown-event',
      'bad-fields',
      'wrong-stream',
      'bad-payload',
      'other-track',
      'too-large',
      'binary',
      'second-start',
      'second-start',
      'unknown-mark',
      'wrong-stream',
    ]);
    expect(line.counts.faults['wrong-stream']).toBe(2);
  });

  const mediaOf = (payload: string, track = 'inbound') => ({
    track,
    chunk: '1',
    timestamp: '0',
    payload,
  });
});

describe('what the agent says', () => {
  test('goes out at once when the caller hears nothing', async () => {
    await using line = await open();
    await line.play(speech(20), never);
    expect(shape(await carrier.take(1))).toEqual([20]);
  });

  test('goes out frame for frame when it comes so, with a mark every 120 ms', async () => {
    await using line = await open();
    for (let i = 0; i < 6; i += 1) {
      await line.play(speech(20), never);
      clock.pass(20);
    }
    expect(shape(await carrier.takeAll())).toEqual([20, 20, 20, 20, 20, 20, 'mark']);
  });

  test('goes out frame for frame again after frames that came together', async () => {
    await using line = await open();
    await line.play(speech(20), never);
    clock.pass(5);
    for (let i = 0; i < 10; i += 1) await line.play(speech(20), never);
    expect(speechIn(await carrier.takeAll())).toEqual([20, 20, 20, 20, 20, 20]);
    clock.pass(15);
    await line.play(speech(20), never);
    expect(speechIn(await carrier.takeAll())).toEqual([60, 60]);
    for (let i = 0; i < 10; i += 1) {
      clock.pass(20);
      await line.play(speech(20), never);
      expect(speechIn(await carrier.takeAll())).toEqual([20]);
    }
  });

  test('never goes out more than 400 ms ahead, however steadily it comes', async () => {
    await using line = await open();
    let sentMs = 0;
    for (let passedMs = 0; passedMs < 800; passedMs += 10) {
      void line.play(speech(20), never);
      sentMs += speechIn(await carrier.takeAll()).reduce((sum, ms) => sum + ms, 0);
      expect(sentMs - passedMs).toBeLessThanOrEqual(400);
      clock.pass(10);
    }
    expect(sentMs).toBeGreaterThan(1000);
  });

  test('is paced by the clock in messages of 60 ms, each with its mark, never 400 ms ahead', async () => {
    await using line = await open();
    const played = line.play(speech(2000), never);
    const first = await carrier.takeAll();
    expect(shape(first)).toEqual([60, 'mark', 60, 'mark']);
    clock.pass(PERIOD_MS);
    const second = await carrier.takeAll();
    expect(shape(second).filter((one) => one !== 'mark')).toEqual([60, 60, 60, 60, 60]);
    let sentMs = [...first, ...second].reduce((sum, message) => sum + msOf(message), 0);
    for (let heardMs = 60; heardMs < 1200; heardMs += 60) {
      expect(sentMs - heardMs).toBeLessThanOrEqual(400);
      clock.pass(PERIOD_MS);
      const sent = await carrier.takeAll();
      expect(shape(sent)).toEqual([60, 'mark']);
      sentMs += 60;
    }
    line.clear();
    await played;
  });

  test('keeps its pace with a peer that returns marks before their speech can have been heard', async () => {
    await using line = await open();
    const played = line.play(speech(2000), never);
    let sentMs = 0;
    for (let passedMs = 0; passedMs < 1200; passedMs += PERIOD_MS) {
      const sent = await carrier.takeAll();
      sentMs += sent.reduce((sum, message) => sum + msOf(message), 0);
      expect(sentMs - passedMs).toBeLessThanOrEqual(400);
      for (const { mark } of sent) if (mark) carrier.returnMark(mark.name);
      await carrier.takeAll();
      clock.pass(PERIOD_MS);
    }
    line.clear();
    await played;
  });

  test('makes its producer wait when enough is queued', async () => {
    await using line = await open();
    let resolved = false;
    const played = line.play(speech(600), never).then(() => {
      resolved = true;
    });
    await carrier.takeAll();
    expect(resolved).toBe(false);
    clock.pass(2 * PERIOD_MS);
    await played;
    expect(resolved).toBe(true);
  });

  test('is waited for no longer once aborted, and what is played after that is not heard', async () => {
    await using line = await open();
    const stop = new AbortController();
    const played = line.play(speech(1000), stop.signal);
    stop.abort();
    await played;
    line.clear();
    await line.play(speech(100), stop.signal);
    expect(shape(await carrier.takeAll())).toEqual([60, 'mark', 60, 'mark', 'clear']);
  });

  test('is heard when its mark comes back', async () => {
    await using line = await open();
    const events = eventsOf(line);
    await line.play(speech(100), never);
    line.flush();
    const messages = await carrier.take(4);
    expect(shape(messages)).toEqual([60, 'mark', 40, 'mark']);
    carrier.returnMark(messages[1]?.mark?.name ?? '');
    expect(await next(events)).toEqual({ type: 'heard', positionMs: 60 });
    carrier.returnMark(messages[3]?.mark?.name ?? '');
    expect(await next(events)).toEqual({ type: 'heard', positionMs: 100 });
  });

  test.each([16_000, 22_050, 24_000])('may have %i samples a second', async (rate) => {
    await using line = await open();
    for (let i = 0; i < 10; i += 1) await line.play(speech(20, rate), never);
    line.flush();
    clock.pass(PERIOD_MS);
    const messages = await carrier.takeAll();
    const marks = messages.flatMap(({ mark }) => mark?.name ?? []);
    expect(messages.reduce((sum, message) => sum + msOf(message), 0)).toBeCloseTo(200, 0);
    carrier.returnMark(marks.at(-1) ?? '');
    expect(await next(eventsOf(line))).toEqual({ type: 'heard', positionMs: 200 });
  });

  test('is drained once all of it is heard', async () => {
    await using line = await open();
    await line.play(speech(50), never);
    const drained = line.drain(never);
    const [, mark] = await carrier.take(2);
    carrier.returnMark(mark?.mark?.name ?? '');
    await drained;
    await line.drain(never);
  });

  test('is marked, too, where it pauses without a word', async () => {
    await using line = await open();
    await line.play(speech(30), never);
    clock.pass(3 * PERIOD_MS);
    expect(shape(await carrier.takeAll())).toEqual([30, 'mark']);
  });

  test('counts as heard when marks stay away long after its end and the caller is still there', async () => {
    await using line = await open();
    await line.play(speech(50), never);
    const drained = line.drain(never);
    await carrier.take(2);
    await callerStays(5_400);
    await drained;
    expect(faults).toEqual(['marks-missing']);
    expect(await heardOf(line)).toEqual([50]);
  });

  test('does not count as heard on a network that is dead', async () => {
    await using line = await open();
    await line.play(speech(50), never);
    const drained = line.drain(never);
    await carrier.take(2);
    clock.pass(15_100);
    await drained;
    expect(await next(eventsOf(line))).toEqual({ type: 'lost', reason: 'idle' });
    expect(faults).toEqual([]);
  });

  test('has its time to be marked after a network was dead and came back', async () => {
    await using line = await open();
    await line.play(speech(50), never);
    line.flush();
    const [, mark] = await carrier.take(2);
    clock.pass(8_000);
    await callerStays(1_800);
    carrier.returnMark(mark?.mark?.name ?? '');
    expect(await heardOf(line)).toEqual([50]);
    expect(faults).toEqual([]);
  });

  async function callerStays(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 900) {
      carrier.speak(speech(20).samples);
      await carrier.takeAll();
      clock.pass(900);
    }
  }

  /** Up to which positions the line says that the caller has heard, to its end. */
  async function heardOf(line: TwilioLine): Promise<number[]> {
    carrier.stop();
    const heard: number[] = [];
    for await (const event of line.events(never))
      if (event.type === 'heard') heard.push(event.positionMs);
    return heard;
  }
});

describe('a clear', () => {
  test('empties the carrier’s buffer and ours, and tells where the caller’s ear was', async () => {
    await using line = await open();
    const played = line.play(speech(1000), never);
    const [, mark] = await carrier.take(4);
    clock.pass(60);
    carrier.returnMark(mark?.mark?.name ?? '');
    expect(await next(eventsOf(line))).toEqual({ type: 'heard', positionMs: 60 });
    clock.pass(50);
    expect(line.clear()).toBe(110);
    await played;
    clock.pass(PERIOD_MS);
    expect((await carrier.takeAll()).at(-1)?.event).toBe('clear');
  });

  test('makes the marks that come back after it void', async () => {
    await using line = await open();
    await line.play(speech(200), never);
    const before = await carrier.take(4);
    expect(line.clear()).toBe(0);
    for (const { mark } of before) if (mark) carrier.returnMark(mark.name);
    await line.play(speech(60), never);
    const [, , after] = await carrier.take(3);
    carrier.returnMark(after?.mark?.name ?? '');
    expect(await next(eventsOf(line))).toEqual({ type: 'heard', positionMs: 260 });
    expect(faults).toEqual([]);
  });

  test('lets a new reply out at once', async () => {
    await using line = await open();
    const played = line.play(speech(1000), never);
    await carrier.take(4);
    line.clear();
    await played;
    await line.play(speech(20), never);
    expect(shape(await carrier.take(2))).toEqual(['clear', 20]);
  });
});

describe('a line ends', () => {
  test('when the caller hangs up, and says so last', async () => {
    await using line = await open();
    const playing = line.play(speech(1000), never);
    carrier.stop();
    carrier.socket.close();
    const events = eventsOf(line);
    expect(await next(events)).toEqual({ type: 'hung-up' });
    expect(await next(events)).toBe('end');
    await Promise.all([playing, line.drain(never), line.play(speech(20), never)]);
    expect(clock.lines).toBe(0);
  });

  test.each(['close', 'terminate'] as const)(
    'as lost when the socket goes without a stop: %s',
    async (how) => {
      await using line = await open();
      const drained = line.play(speech(500), never).then(() => line.drain(never));
      carrier.socket[how]();
      expect(await next(eventsOf(line))).toEqual({ type: 'lost', reason: 'closed' });
      await drained;
    },
  );

  test('as lost when bytes come that are no WebSocket’s', async () => {
    await using line = await open();
    const raw = Reflect.get(carrier.socket, '_socket');
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect(await next(eventsOf(line))).toEqual({ type: 'lost', reason: 'closed' });
  });

  test('as lost when nothing comes for long, as over a half-open socket', async () => {
    await using line = await open({ idleTimeoutMs: 1_000 });
    clock.pass(900);
    carrier.speak(speech(20).samples);
    await carrier.takeAll();
    clock.pass(900);
    const events = eventsOf(line);
    expect(await next(events)).toMatchObject({ type: 'audio' });
    clock.pass(200);
    expect(await next(events)).toEqual({ type: 'lost', reason: 'idle' });
    expect(await next(events)).toBe('end');
  });

  test('as lost when the socket takes nothing any more', async () => {
    await using line = await open({ idleTimeoutMs: 60_000 });
    Object.defineProperty(ours, 'bufferedAmount', { get: () => 1e9 });
    const played = line.play(speech(500), never);
    clock.pass(9_000);
    expect(faults).toEqual(['socket-full']);
    expect(line.counts.messagesSent).toBe(0);
    clock.pass(2_000);
    expect(await next(eventsOf(line))).toEqual({ type: 'lost', reason: 'stalled' });
    await played;
  });

  test('when it is disposed, with an ordinary close, as often as that is done', async () => {
    const line = await open();
    const closed = once(carrier.socket, 'close');
    await Promise.all([line[Symbol.asyncDispose](), line[Symbol.asyncDispose]()]);
    await line[Symbol.asyncDispose]();
    expect((await closed)[0]).toBe(1000);
    expect(await next(eventsOf(line))).toBe('end');
    expect(clock.lines).toBe(0);
  });

  test('for whoever listens, when they no longer want to', async () => {
    await using line = await open();
    const stop = new AbortController();
    const event = line.events(stop.signal)[Symbol.asyncIterator]().next();
    stop.abort();
    expect((await event).done).toBe(true);
  });
});

test('with the TCP socket at hand, a speech message and its mark leave in one write', async () => {
  const written: string[] = [];
  const transport = new Duplex({
    decodeStrings: false,
    write: (frames: string, _encoding, done) => {
      written.push(frames);
      done();
    },
  });
  await using line = await open({ transport });
  await line.play(speech(60), never);
  expect(written.map((frames) => frames.match(/"event":"\w+"/g))).toEqual([
    ['"event":"media"', '"event":"mark"'],
  ]);
});
