import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { CallerTick } from '../caller/caller.ts';
import type { CallEvent } from './call-observer.ts';
import type { CallEnd, CallOptions } from './call-options.ts';
import { ManualClock } from './manual-clock.ts';
import { runCall } from './run-call.ts';
import { type Script, startScriptedServer } from './scripted-server.ts';
import { sign } from './signature.ts';

interface Ran {
  readonly end: CallEnd;
  readonly events: readonly CallEvent[];
  readonly asked: readonly { readonly path: string; readonly params: Record<string, string> }[];
  readonly codes: readonly string[];
  readonly verbs: readonly string[];
  readonly url: string;
}

type Act = (atMs: number, heard: Int16Array) => Partial<CallerTick>;

/** Runs one call against a server, on a clock of its own, until it ends. */
async function run(script: Script, act: Act = () => ({}), more: Partial<CallOptions> = {}) {
  await using server = await startScriptedServer(script);
  const clock = new ManualClock();
  const events: CallEvent[] = [];
  const ran = runCall({
    voiceUrl: `${server.url}/voice`,
    accountSid: 'AC1',
    authToken: 'token',
    from: '+15550100',
    to: '+15550199',
    caller: { tick: (heard, atMs) => ({ samples: null, ...act(atMs, heard) }) },
    observer: { observe: (event) => events.push(event) },
    clock,
    maxDurationMs: 600_000,
    signal: new AbortController().signal,
    ...more,
  });
  const end = await clock.passUntil(ran);
  expect(clock.joined, 'the clock is left').toBe(0);
  const codes = end.findings.map(({ code }) => code).filter((code) => code !== 'loopback-ws');
  const verbs = events.flatMap((event) => (event.type === 'verb' ? event.verb : []));
  return { end, events, asked: [...server.asked], codes, verbs, url: server.url } satisfies Ran;
}

const twiml = (inside: string) => `<Response>${inside}</Response>`;
const stream = (attributes = '', parameters = '') =>
  `<Stream url="{ws}/media" ${attributes}>${parameters}</Stream>`;
const hangUpAt =
  (hangUpMs: number): Act =>
  (atMs) => ({ hangUp: atMs >= hangUpMs });

/** Calls `answer` with each message of the stream and its event. */
function onMessages(answer: (event: string, message: string, socket: WebSocket) => void) {
  return (socket: WebSocket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const message = String(data);
      answer(JSON.parse(message).event, message, socket);
    });
  };
}

test('a whole call: signed webhook, signed stream, status callbacks, action, goodbye', async () => {
  const upgrades: unknown[] = [];
  const received: string[] = [];
  const connect = `<Connect action="/continue">${stream(
    'name="main" statusCallback="/status"',
    '<Parameter name="call" value="7"/>',
  )}</Connect>`;
  const listen = onMessages((event, message, socket) => {
    received.push(event);
    if (event === 'start')
      expect(JSON.parse(message).start.customParameters).toEqual({ call: '7' });
    if (received.length === 12) socket.close(1000);
  });
  const { end, asked, verbs, codes, events, url } = await run({
    answers: {
      '/voice': twiml(`${connect}<Say>never heard</Say>`),
      '/continue': twiml('<Pause length="1"/><Hangup/>'),
      '/status': (response) => response.writeHead(204).end(),
    },
    onStream: (socket, headers) => {
      upgrades.push(headers['x-twilio-signature']);
      listen(socket);
    },
  });
  expect(end.outcome).toEqual({ reason: 'agent-hung-up', detail: '<Hangup/>' });
  expect(codes).toEqual([]);
  expect(verbs).toEqual(['Connect', 'Pause', 'Hangup']);
  expect(received.slice(0, 3)).toEqual(['connected', 'start', 'media']);
  expect(received).not.toContain('stop');
  expect(upgrades).toEqual([sign('token', `${url.replace('http', 'ws')}/media`)]);
  const [voice, ...others] = asked;
  expect(voice?.params).toMatchObject({
    CallStatus: 'ringing',
    From: '+15550100',
    To: '+15550199',
    AccountSid: 'AC1',
    Direction: 'inbound',
  });
  const next = others.find(({ path }) => path === '/continue');
  expect(next?.params).toMatchObject({ CallSid: end.callSid, CallStatus: 'in-progress' });
  const told = asked.filter(({ path }) => path === '/status').map(({ params }) => params);
  expect(told.map(({ StreamEvent }) => StreamEvent).sort()).toEqual([
    'stream-started',
    'stream-stopped',
  ]);
  expect(told[0]).toMatchObject({ CallSid: end.callSid, StreamName: 'main' });
  const frames = events.flatMap((event) => (event.type === 'frame' ? event.atMs : []));
  expect(frames).toEqual(frames.map((_, index) => index * 20));
  expect(end.durationMs).toBe(frames.length * 20);
});

test('the caller hangs up: stop, a clean close, and no further verb', async () => {
  const received: string[] = [];
  let closeCode = 0;
  const { end, asked, codes, events } = await run(
    {
      answers: { '/voice': twiml(`<Connect action="/continue">${stream()}</Connect>`) },
      onStream: (socket) => {
        onMessages((event) => received.push(event))(socket);
        socket.on('close', (code) => {
          closeCode = code;
        });
      },
    },
    (atMs) => ({ hangUp: atMs >= 2_000 && received.length > 20 }),
  );
  expect(end.outcome.reason).toBe('caller-hung-up');
  expect(received.at(-1)).toBe('stop');
  expect(closeCode).toBe(1000);
  expect(asked.map(({ path }) => path)).toEqual(['/voice']);
  expect(codes).toEqual([]);
  expect(events.filter(({ type }) => type === 'call-ended').length).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: 'call-ended', atMs: end.durationMs });
  expect(events.find(({ type }) => type === 'stream-ended')).toMatchObject({ by: 'caller' });
});

test('the caller hears what the server plays', async () => {
  let loudest = 0;
  const { events } = await run(
    {
      answers: { '/voice': twiml(`<Connect>${stream()}</Connect>`) },
      onStream: onMessages((event, message, socket) => {
        const { streamSid } = JSON.parse(message);
        const payload = Buffer.alloc(8000, 0x90).toString('base64');
        if (event === 'start')
          socket.send(JSON.stringify({ event: 'media', streamSid, media: { payload } }));
        if (event === 'start')
          socket.send(JSON.stringify({ event: 'mark', streamSid, mark: { name: 'end' } }));
        if (event === 'mark') socket.close(1000);
      }),
    },
    (_atMs, heard) => {
      loudest = Math.max(loudest, ...heard);
      return {};
    },
  );
  expect(loudest).toBeGreaterThan(10_000);
  const [started] = events.filter(({ type }) => type === 'agent-sound-started');
  const [ended] = events.filter(({ type }) => type === 'agent-sound-ended');
  const length =
    started && ended && 'atMs' in started && 'atMs' in ended ? ended.atMs - started.atMs : 0;
  expect(length).toBe(1000);
});

test.each<[string, string, Script, string]>([
  ['31920', 'refuses the upgrade', { refuseUpgrade: 403 }, stream()],
  [
    '31921',
    'closes with a code of its own',
    { onStream: (socket) => socket.close(1011) },
    stream(),
  ],
  ['31903', 'drops the socket', { onStream: (socket) => socket.terminate() }, stream()],
  ['31902', 'does not listen there', {}, '<Stream url="ws://127.0.0.1:1/media"/>'],
  ['31922', 'names a ws:// address of another host', {}, '<Stream url="ws://example.org/media"/>'],
  ['31922', 'names an http:// address', {}, '<Stream url="http://127.0.0.1/media"/>'],
  ['31923', 'names no address', {}, '<Stream url="somewhere"/>'],
])('%s: the server %s, and the next document is asked for', async (code, _name, script, verb) => {
  const { codes, asked, end } = await run({
    ...script,
    answers: {
      '/voice': twiml(`<Connect action="/continue">${verb}</Connect>`),
      '/continue': twiml('<Hangup/>'),
    },
  });
  expect(codes).toEqual([code]);
  expect(asked.map(({ path }) => path)).toEqual(['/voice', '/continue']);
  expect(end.outcome.reason).toBe('agent-hung-up');
});

test('31924: a fragmented control frame', async () => {
  const { codes } = await run({
    answers: { '/voice': twiml(`<Connect>${stream()}</Connect><Hangup/>`) },
    onStream: (socket) => {
      socket.on('error', () => {});
      // A ping without its FIN bit, which no WebSocket library would send.
      Reflect.get(socket, '_socket').write(Buffer.from([0x09, 0x00]));
    },
  });
  expect(codes).toEqual(['31924']);
});

test('a query string is dropped, which is a finding', async () => {
  const paths: unknown[] = [];
  const { codes } = await run({
    answers: { '/voice': twiml('<Connect><Stream url="{ws}/media?call=7"/></Connect>') },
    onStream: (socket, headers) => {
      paths.push(headers['x-twilio-signature']);
      socket.close(1000);
    },
  });
  expect(codes).toEqual(['query-string']);
  expect(paths.length).toBe(1);
});

test('garbage on the stream is reported, and the call goes on', async () => {
  const { codes, end } = await run({
    answers: { '/voice': twiml(`<Connect>${stream()}</Connect><Hangup/>`) },
    onStream: onMessages((event, _message, socket) => {
      if (event !== 'start') return;
      for (const garbage of ['', '{', '[]', Buffer.from([1, 2, 3])]) socket.send(garbage);
      setImmediate(() => socket.close(1000));
    }),
  });
  expect(codes.toSorted()).toEqual(['31950', '31951']);
  expect(end.outcome.reason).toBe('agent-hung-up');
});

test('a dead network: nothing more is sent, and the server is expected to close', async () => {
  let last = '';
  const { end, codes, events } = await run(
    {
      answers: { '/voice': twiml(`<Connect action="/continue">${stream()}</Connect>`) },
      onStream: onMessages((event) => {
        last = event;
      }),
    },
    (atMs) => ({ ...(atMs === 400 && { network: 'half-open' }), hangUp: atMs >= 1_000 }),
  );
  expect(end.outcome.reason).toBe('caller-hung-up');
  expect(last).toBe('media');
  expect(codes).toEqual(['dead-socket']);
  expect(events.some(({ type }) => type === 'stream-ended')).toBe(true);
});

test('a server that closes a dead socket is asked for the next document', async () => {
  let open: WebSocket | null = null;
  let deadMs = 0;
  const { asked, codes } = await run(
    {
      answers: {
        '/voice': twiml(`<Connect action="/continue">${stream()}</Connect>`),
        '/continue': twiml('<Hangup/>'),
      },
      onStream: onMessages((event, _message, socket) => {
        if (event === 'media') open = socket;
      }),
    },
    () => {
      if (open === null) return {};
      deadMs += 20;
      if (deadMs === 1_000) open.terminate();
      return { network: 'half-open' };
    },
  );
  expect(codes).toEqual([]);
  expect(asked.map(({ path }) => path)).toEqual(['/voice', '/continue']);
});

test('verbs take their time on the call’s clock', async () => {
  const { end, verbs, events } = await run({
    answers: {
      '/voice': twiml(
        '<Pause length="2"/><Say>0123456789</Say><Play>x.wav</Play><Redirect>/next</Redirect>',
      ),
      '/next': twiml('<Dial>+15550111</Dial>'),
    },
  });
  expect(verbs).toEqual(['Pause', 'Say', 'Play', 'Redirect', 'Dial']);
  expect(end.outcome).toEqual({ reason: 'dialled', detail: '+15550111' });
  const [say] = events.filter((event) => event.type === 'verb' && event.verb === 'Say');
  expect(say).toMatchObject({ detail: '0123456789' });
  expect(end.durationMs).toBeGreaterThanOrEqual(2_000 + 650 + 1_000);
  expect(
    events.some(({ type }) => type === 'agent-sound-started'),
    'the tone',
  ).toBe(true);
});

test('Say is spoken by the given voice', async () => {
  const { end, events } = await run(
    { answers: { '/voice': twiml('<Say>Hello</Say>') } },
    undefined,
    {
      speak: async () => new Int16Array(4_000).fill(5_000),
    },
  );
  expect(end.durationMs).toBeGreaterThanOrEqual(500);
  expect(events.some(({ type }) => type === 'agent-sound-started')).toBe(true);
});

test('Say without a working voice is silence and a finding', async () => {
  const { codes } = await run({ answers: { '/voice': twiml('<Say>Hello</Say>') } }, undefined, {
    speak: () => Promise.reject(new Error('no voice today')),
  });
  expect(codes).toEqual(['no-voice']);
});

test('Gather sends the keys to its action and cuts its prompt short', async () => {
  const gather = '<Gather numDigits="2" action="/keys" timeout="5"><Pause length="60"/></Gather>';
  const keys: Act = (atMs) =>
    atMs === 1_000 ? { digit: '4' } : atMs === 2_000 ? { digit: '2' } : {};
  const { asked, end } = await run(
    { answers: { '/voice': twiml(gather), '/keys': twiml('<Hangup/>') } },
    keys,
  );
  expect(asked[1]).toMatchObject({ path: '/keys', params: { Digits: '42' } });
  expect(end.durationMs).toBeLessThan(20_000);
});

test('Gather without keys goes on with the next verb', async () => {
  const { verbs, asked, end } = await run({
    answers: { '/voice': twiml('<Gather timeout="3"/><Hangup/>') },
  });
  expect(verbs).toEqual(['Gather', 'Hangup']);
  expect(asked.length).toBe(1);
  expect(end.durationMs).toBeGreaterThanOrEqual(3_000);
});

test('Gather ends at the finishing key', async () => {
  const keys: Act = (atMs) => (atMs === 100 ? { digit: '7' } : atMs === 200 ? { digit: '#' } : {});
  const { asked } = await run(
    { answers: { '/voice': twiml('<Gather action="/keys"/>'), '/keys': twiml('') } },
    keys,
  );
  expect(asked[1]?.params).toMatchObject({ Digits: '7' });
});

test('Reject as the first verb: the call is never answered', async () => {
  const { end, events } = await run({ answers: { '/voice': twiml('<Reject reason="busy"/>') } });
  expect(end).toMatchObject({ outcome: { reason: 'rejected', detail: 'busy' }, durationMs: 0 });
  expect(events.map(({ type }) => type)).toEqual(['verb', 'call-ended']);
});

test.each<[string, string, Script['answers']]>([
  ['12100', 'rubbish', { '/voice': 'hello' }],
  ['11200', 'HTTP 404', {}],
  [
    '12300',
    'JSON',
    {
      '/voice': (response) =>
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'),
    },
  ],
])('%s: %s instead of TwiML, so the fallback is asked', async (code, _name, answers) => {
  const fallback: Script = { answers: { ...answers, '/fallback': twiml('<Hangup/>') } };
  await using other = await startScriptedServer(fallback);
  const { codes, end } = await run({ answers: answers ?? {} }, undefined, {
    fallbackUrl: `${other.url}/fallback`,
  });
  expect(codes).toEqual([code]);
  expect(end.outcome.reason).toBe('agent-hung-up');
  expect(other.asked[0]?.params).toMatchObject({ ErrorCode: code });
});

test('without usable TwiML the call fails', async () => {
  const { end, codes } = await run({ answers: { '/voice': '<Response>' } });
  expect(end.outcome).toEqual({ reason: 'failed', detail: 'no usable TwiML' });
  expect(codes).toEqual(['12100']);
});

test('documents that send each other round in circles come to an end', async () => {
  const { end, codes, asked } = await run({
    answers: { '/voice': twiml('<Redirect>/voice</Redirect>') },
  });
  expect(end.outcome.reason).toBe('failed');
  expect(codes).toEqual(['too-many-documents']);
  expect(asked.length).toBe(50);
});

test('15003: a status callback that fails does not touch the call', async () => {
  const { end, codes } = await run({
    answers: { '/voice': twiml(`<Connect>${stream('statusCallback="/nowhere"')}</Connect>`) },
    onStream: (socket) => socket.close(1000),
  });
  expect(end.outcome.reason).toBe('agent-hung-up');
  expect(new Set(codes)).toEqual(new Set(['15003']));
});

test('a call has a longest duration', async () => {
  const { end } = await run(
    { answers: { '/voice': twiml('<Play loop="0">x.wav</Play>') } },
    undefined,
    {
      maxDurationMs: 10_000,
    },
  );
  expect(end).toMatchObject({ outcome: { reason: 'time-limit' }, durationMs: 10_000 });
});

test('the caller may hang up while a document is awaited', async () => {
  const { end, codes } = await run(
    {
      answers: {
        '/voice': twiml('<Pause length="1"/><Redirect>/slow</Redirect>'),
        '/slow': () => {},
      },
    },
    hangUpAt(2_000),
  );
  expect(end.outcome.reason).toBe('caller-hung-up');
  expect(codes).toEqual([]);
});

test('stopping the emulator ends the stream with stop', async () => {
  const stopped = new AbortController();
  const received: string[] = [];
  const { end } = await run(
    {
      answers: { '/voice': twiml(`<Connect>${stream()}</Connect>`) },
      onStream: onMessages((event) => {
        received.push(event);
        if (received.length === 10) stopped.abort();
      }),
    },
    undefined,
    { signal: stopped.signal },
  );
  expect(end.outcome.reason).toBe('aborted');
  expect(received.at(-1)).toBe('stop');
});

test('a call that is stopped before it began asks nobody', async () => {
  const { end, asked } = await run({}, undefined, { signal: AbortSignal.abort() });
  expect(end.outcome.reason).toBe('aborted');
  expect(asked).toEqual([]);
});

test('what the caller throws comes out, and everything is closed', async () => {
  const failing: Act = (atMs) => {
    if (atMs === 100) throw new Error('broken scenario');
    return {};
  };
  const script = { answers: { '/voice': twiml(`<Connect>${stream()}</Connect>`) } };
  await expect(run(script, failing)).rejects.toThrow('broken scenario');
});
