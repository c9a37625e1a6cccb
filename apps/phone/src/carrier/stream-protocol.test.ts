import { expect, test } from 'vitest';
import type { CallerTick } from '../caller/caller.ts';
import type { CallEvent } from './call-observer.ts';
import { LiveCall } from './live-call.ts';
import { ManualClock } from './manual-clock.ts';
import { StreamProtocol } from './stream-protocol.ts';

const identity = {
  streamSid: 'MZ1',
  callSid: 'CA1',
  accountSid: 'AC1',
  customParameters: { call: '7' },
};

interface Sent {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly media?: { readonly chunk: string; readonly timestamp: string; readonly payload: string };
  readonly mark?: { readonly name: string };
}

/** A stream of a call whose caller does what the script says, frame by frame. */
function open(script: readonly Partial<CallerTick>[] = []) {
  const clock = new ManualClock();
  const events: CallEvent[] = [];
  const heard: Int16Array[] = [];
  const caller = {
    tick(agent: Int16Array, atMs: number): CallerTick {
      heard.push(agent);
      return { samples: null, ...script[atMs / 20] };
    },
  };
  const call = new LiveCall(caller, { observe: (event) => events.push(event) }, clock, 1e9);
  const sent: Sent[] = [];
  const protocol = new StreamProtocol(
    identity,
    call,
    (text) => sent.push(JSON.parse(text)),
    call.findings.forStream(),
  );
  protocol.start();
  call.answer('CA1');
  call.connect(protocol);
  const receive = (message: object) =>
    protocol.receive(Buffer.from(JSON.stringify({ streamSid: 'MZ1', ...message })), false);
  const media = (codes: Uint8Array) =>
    receive({ event: 'media', media: { payload: Buffer.from(codes).toString('base64') } });
  const mark = (name: string) => receive({ event: 'mark', mark: { name } });
  const clear = () => receive({ event: 'clear' });
  const marks = () => sent.flatMap((message) => message.mark?.name ?? []);
  return { clock, events, heard, call, sent, protocol, receive, media, mark, clear, marks };
}

/** µ-law of a loud, steady sound. */
const loud = (ms: number) => new Uint8Array(ms * 8).fill(0x90);

test('introduces itself with the documented fields and types', () => {
  const { sent } = open();
  expect(sent).toEqual([
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    {
      event: 'start',
      sequenceNumber: '1',
      streamSid: 'MZ1',
      start: {
        accountSid: 'AC1',
        streamSid: 'MZ1',
        callSid: 'CA1',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { call: '7' },
      },
    },
  ]);
});

test('sends the caller’s audio frame by frame, each when it is complete', () => {
  const { clock, sent } = open([{ samples: new Int16Array(160).fill(32_000) }]);
  clock.pass(1);
  expect(sent.length).toBe(2);
  clock.pass(2);
  expect(sent.slice(2)).toEqual([
    {
      event: 'media',
      sequenceNumber: '2',
      streamSid: 'MZ1',
      media: {
        track: 'inbound',
        chunk: '1',
        timestamp: '20',
        payload: Buffer.alloc(160, 0x80).toString('base64'),
      },
    },
    {
      event: 'media',
      sequenceNumber: '3',
      streamSid: 'MZ1',
      media: {
        track: 'inbound',
        chunk: '2',
        timestamp: '40',
        payload: Buffer.alloc(160, 0xff).toString('base64'),
      },
    },
  ]);
});

test('a lost frame leaves a hole in the chunk numbers, none in the sequence', () => {
  const { clock, sent } = open([{}, { network: 'drop' }, {}]);
  clock.pass(4);
  const media = sent.slice(2);
  expect(media.map(({ media: { chunk = '' } = {} }) => chunk)).toEqual(['1', '3']);
  expect(media.map(({ sequenceNumber }) => sequenceNumber)).toEqual(['2', '3']);
});

test('late frames come in a burst, in order, with their own times', () => {
  const late = { network: 'late' } as const;
  const { clock, sent } = open([{}, late, { network: 'drop' }, late, {}]);
  clock.pass(5);
  expect(sent.slice(2).length).toBe(1);
  clock.pass(1);
  const times = sent.slice(2).map(({ media }) => `${media?.chunk} ${media?.timestamp}`);
  expect(times).toEqual(['1 20', '2 40', '4 80', '5 100']);
});

test('after the network is gone nothing is sent and nothing is heard of the server', () => {
  const { clock, sent, media, protocol, events } = open([{}, { network: 'half-open' }, {}]);
  clock.pass(3);
  expect(protocol.halfOpen).toBe(true);
  const before = sent.length;
  media(loud(20));
  protocol.press('1');
  protocol.stop();
  clock.pass(3);
  expect(sent.length).toBe(before);
  expect(events.some(({ type }) => type === 'agent-sound-started')).toBe(false);
});

test('plays what the server sends in real time and returns marks when they are heard', () => {
  const { clock, heard, media, mark, marks, sent } = open();
  media(loud(60));
  mark('a');
  clock.pass(3);
  expect(marks()).toEqual([]);
  clock.pass(1);
  expect(marks()).toEqual(['a']);
  expect(heard.map((samples) => samples[0] !== 0)).toEqual([true, true, true, false]);
  expect(sent.find(({ event }) => event === 'mark')).toEqual({
    event: 'mark',
    sequenceNumber: '4',
    streamSid: 'MZ1',
    mark: { name: 'a' },
  });
});

test('clear silences the ear at the next frame and returns every mark at once', () => {
  const { clock, heard, media, mark, clear, marks, events } = open();
  media(loud(1000));
  mark('a');
  media(loud(1000));
  mark('b');
  clock.pass(5);
  clear();
  expect(marks()).toEqual(['a', 'b']);
  clock.pass(2);
  expect(heard.slice(4, 7).map((samples) => samples[0] !== 0)).toEqual([true, false, false]);
  expect(events).toContainEqual({ type: 'clear', atMs: 100, droppedMs: 1900 });
  expect(events).toContainEqual({ type: 'mark', atMs: 100, name: 'b', cleared: true });
});

test('keys are sent as Twilio does', () => {
  const { sent, clock, events } = open([{ digit: '#' }]);
  clock.pass(1);
  expect(sent.at(-1)).toEqual({
    event: 'dtmf',
    sequenceNumber: '2',
    streamSid: 'MZ1',
    dtmf: { track: 'inbound_track', digit: '#' },
  });
  expect(events).toContainEqual({ type: 'digit', atMs: 0, digit: '#' });
});

test('stop names the call', () => {
  const { sent, protocol } = open();
  protocol.stop();
  expect(sent.at(-1)).toEqual({
    event: 'stop',
    sequenceNumber: '2',
    streamSid: 'MZ1',
    stop: { accountSid: 'AC1', callSid: 'CA1' },
  });
});

test('a hole in the agent’s speech is a finding with its length', () => {
  const { clock, media, call } = open();
  media(loud(40));
  clock.pass(4);
  media(loud(40));
  clock.pass(2);
  expect(call.findings.all).toMatchObject([{ code: 'underrun', gapMs: 40, level: 'warning' }]);
});

test('each complaint is made once for a stream, and the stream goes on', () => {
  const { clock, receive, media, call, heard } = open();
  for (let count = 0; count < 3; count += 1) {
    receive({ event: 'hello' });
    receive({ event: 'media', media: { payload: '***' } });
  }
  media(loud(20));
  clock.pass(1);
  expect(call.findings.all.map(({ code }) => code)).toEqual(['31951', '31950']);
  expect(heard[0]?.[0]).not.toBe(0);
});

test('more than ten minutes of waiting audio are discarded with 31931', () => {
  const { media, call, protocol } = open();
  for (let minute = 0; minute < 11; minute += 1) media(loud(60_000));
  expect(call.findings.all).toMatchObject([{ code: '31931', level: 'warning' }]);
  expect(protocol.maxBufferedMs).toBe(600_000);
});
