import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { openLog } from '@earshot/process';
import { sign } from '@earshot/twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeCarrier, FakeStream, readStream } from './carrier.fake.ts';
import { DEVELOPMENT_AUTH_TOKEN } from './config/carrier.ts';
import { type Config, loadConfig } from './config.ts';
import { ScriptedDesk } from './live/scripted-desk.fake.ts';
import { type Server, start } from './start.ts';

const never = new AbortController().signal;
const TOKEN = 'a'.repeat(32);
/** A server that leaves nothing behind. */
const SMALL = { PORT: '0', DATABASE_URL: 'memory:', EMULATOR: 'never' };

let log: string;
let running: { server: Server; desk: ScriptedDesk; carrier: FakeCarrier; base: string };
let servers: Server[];

async function open(env: Record<string, string> = {}, change: Partial<Config> = {}) {
  const config = { ...loadConfig({ ...SMALL, LOG_LEVEL: 'debug', ...env }), ...change };
  const written = openLog(config, {
    write: (line) => {
      log += line;
    },
  });
  const desk = new ScriptedDesk();
  const server = await start(config, { log: written, openDesk: async () => desk }, never);
  servers.push(server);
  const base = server.url.replace(/\/$/, '');
  return { server, desk, base, carrier: new FakeCarrier(base, DEVELOPMENT_AUTH_TOKEN) };
}

beforeEach(async () => {
  log = '';
  servers = [];
  running = await open();
});

afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
});

const get = async (path: string) => {
  const response = await fetch(running.base + path);
  return { status: response.status, body: await response.json() };
};

/** The port out of the log, for servers that are not reached under their own URL. */
const portOf = (written: string) => /listening at http:\/\/[^:]+:(\d+)/.exec(written)?.[1];

/** A peer that writes its upgrade request by hand. */
function upgradeOf(path: string, signature = ''): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
    `X-Twilio-Signature: ${signature}\r\n\r\n`
  );
}

/** Waits for the agent's greeting: the call goes on. */
async function expectAlive(stream: FakeStream): Promise<void> {
  stream.press('9');
  expect(await stream.closed).toBe(1000);
}

describe('health', () => {
  test('is told to everybody', async () => {
    expect(await get('/health')).toEqual({
      status: 200,
      body: { status: 'healthy', service: 'earshot', version: '0.1.0' },
    });
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'alive' } });
    expect(await get('/health/ready')).toEqual({ status: 200, body: { status: 'ready' } });
    expect((await get('/')).body).toEqual({ service: 'earshot', version: '0.1.0' });
  });

  test('is not ready while the engines start, and says so', async () => {
    const opening = Promise.withResolvers<ScriptedDesk>();
    const config = loadConfig(SMALL);
    let written = '';
    const write = (line: string) => {
      written += line;
    };
    const asked = Promise.withResolvers<void>();
    const openDesk = () => {
      asked.resolve();
      return opening.promise;
    };
    const starting = start(config, { log: openLog(config, { write }), openDesk }, never);
    await asked.promise;
    const base = `http://localhost:${portOf(written)}`;
    const response = await fetch(`${base}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'not_ready',
      reason: 'The engines are starting',
    });
    const carrier = new FakeCarrier(base, DEVELOPMENT_AUTH_TOKEN);
    const { text } = await carrier.post('/twilio/voice', { CallSid: 'CA1' });
    expect(text).toMatch(/<Say>We are sorry.*<Hangup\/>/);
    opening.resolve(new ScriptedDesk());
    servers.push(await starting);
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);
  });
});

describe('an incoming call', () => {
  test('is connected to the media socket with a pass of its own', async () => {
    const { carrier, base } = running;
    const { status, text } = await carrier.post('/twilio/voice', { CallSid: 'CA1' });
    expect(status).toBe(200);
    expect(text).toContain(`<Connect action="${base}/twilio/continue/call-CA1" method="POST">`);
    expect(text).toContain(`statusCallback="${base}/twilio/stream-status"`);
    const verb = readStream(text);
    expect(verb.url).toBe(`${base.replace('http', 'ws')}/twilio/media`);
    expect(verb.parameters).toEqual({ call: expect.any(String), token: expect.any(String) });
  });

  test('is answered, understood, served and ended', async () => {
    const { carrier } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    stream.speak(12);
    stream.press('1');
    stream.press('9');
    expect(await stream.closed).toBe(1000);
    expect((await get('/calls/CA1/transcript')).body).toMatchObject({
      turns: [{ text: 'Hello there.' }, { text: 'SECRET WORDS' }, { text: 'Goodbye.' }],
      messages: [{ name: 'SECRET NAME', number: '+15550199', message: 'SECRET MESSAGE' }],
      tools: [{ name: 'take_message', result: { output: expect.any(String) } }],
    });
    const { text } = await carrier.post('/twilio/continue/call-CA1', { CallSid: 'CA1' });
    expect(text).toContain('<Response><Hangup/></Response>');
  });

  test('leaves no personal data in the log', async () => {
    const { carrier } = running;
    log = '';
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    stream.speak(12);
    for (const digit of ['4', '4', '4', '4', '4', '1', '2']) stream.press(digit);
    stream.send('SECRET GARBAGE');
    stream.send({ event: 'SECRET EVENT' });
    await expectAlive(stream);
    await carrier.post('/twilio/continue/call-CA1', { CallSid: 'CA1', From: '+15550123' });
    await carrier.post('/twilio/voice', { From: '+15550123', Body: 'SECRET' });
    expect(log).toContain('"msg":"call started"');
    expect(log).toContain('"msg":"call ended"');
    expect(log).toContain('"ending":"agent-hung-up"');
    expect(log).toContain('"not-json":1');
    expect(log).toContain('"tool":"take_message","failed":false');
    expect(log).toContain('"tool":"unknown","failed":true');
    const facts = log.replace(/"(time|callId)":("[^"]*"|\d+)/g, '');
    expect(facts).not.toMatch(/SECRET|Hello|Goodbye|1555|44444|127\.0\.0\.1/);
    for (const line of log.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  test('that is lost is reconnected, twice at most', async () => {
    const { carrier } = running;
    let verb = await carrier.ring('CA1');
    for (let streams = 1; streams <= 3; streams += 1) {
      const stream = await carrier.stream('CA1', verb);
      await stream.hears(200);
      await stream[Symbol.asyncDispose]();
      const { text } = await carrier.post('/twilio/continue/call-CA1', { CallSid: 'CA1' });
      if (streams < 3) expect(text).toContain('<Stream ');
      else expect(text).toMatch(/<Say>We are sorry.*<Hangup\/>/);
      verb = readStream(text);
    }
  });

  test('may come back on a new stream before the old one is known to be dead', async () => {
    const { carrier } = running;
    await using old = await carrier.call('CA1');
    await old.hears(200);
    const verb = await carrier.ring('CA1');
    await using fresh = await carrier.stream('CA1', verb);
    await fresh.hears(200);
    expect(await old.closed).toBe(1000);
    await expectAlive(fresh);
    const { text } = await carrier.post('/twilio/continue/call-CA1', { CallSid: 'CA1' });
    expect(text).toContain('<Response><Hangup/></Response>');
  });

  test('whose agent breaks is reconnected to another', async () => {
    const { carrier } = running;
    await using stream = await carrier.call('CA1');
    stream.press('0');
    expect(await stream.closed).toBe(1000);
    expect(await carrier.ring('CA1', '/twilio/continue/call-CA1')).toMatchObject({
      url: expect.stringContaining('/twilio/media'),
    });
  });

  test('that the caller ended is over, and so is one nobody knows', async () => {
    const { carrier } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    stream.stop();
    await stream.closed;
    for (const CallSid of ['CA1', 'CA2']) {
      const { text } = await carrier.post(`/twilio/continue/call-${CallSid}`, { CallSid });
      expect(text).toContain('<Response><Hangup/></Response>');
    }
  });

  test('whose stream the carrier has ended goes on while the caller is on the line', async () => {
    const { carrier, desk } = running;
    const wayBack = '/twilio/continue/call-CA1';
    const stream = await carrier.call('CA1');
    await stream.hears(200);
    stream.stop();
    await stream.closed;
    const form = { CallSid: 'CA1', CallStatus: 'in-progress' };
    const { text } = await carrier.post(wayBack, form);
    await using again = await carrier.stream('CA1', readStream(text));
    await again.hears(200);
    expect(desk.agents[1]?.call.earlier?.turns).toMatchObject([{ text: 'Hello there.' }]);
    expect((await get('/calls/CA1')).body).toMatchObject({ status: 'in_progress' });
    await expectAlive(again);
    const over = await carrier.post(wayBack, { ...form, CallStatus: 'completed' });
    expect(over.text).toContain('<Response><Hangup/></Response>');
  });

  test('that is ended through the API falls silent, though no carrier can be asked to hang up', async () => {
    await using stream = await running.carrier.call('CA1');
    await stream.hears(200);
    const ended = await fetch(`${running.base}/calls/CA1/terminate`, { method: 'POST' });
    expect(ended.status).toBe(204);
    expect(await stream.closed).toBe(1000);
  });

  test('may report its stream’s status, whatever that says', async () => {
    const { carrier } = running;
    for (const form of [{}, { StreamEvent: 'stream-error', StreamError: 'SECRET' }, { x: 'y' }])
      expect((await carrier.post('/twilio/stream-status', form)).status).toBe(200);
    expect(log).not.toContain('SECRET');
  });
});

describe('nobody gets in', () => {
  const PATHS = ['/twilio/voice', '/twilio/continue/call-CA1', '/twilio/stream-status'];

  test.each(PATHS)(
    'to %s without a signature, with a wrong one, or with another request’s',
    async (path) => {
      const { base } = running;
      const form = { CallSid: 'CA1' };
      const url = base + path;
      const signatures = {
        missing: undefined,
        empty: '',
        wrong: sign('another token', url, form),
        'of another form': sign(DEVELOPMENT_AUTH_TOKEN, url, { CallSid: 'CA2' }),
        'of another path': sign(DEVELOPMENT_AUTH_TOKEN, `${base}/health`, form),
      };
      for (const [name, signature] of Object.entries(signatures)) {
        const headers = signature === undefined ? {} : { 'X-Twilio-Signature': signature };
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body: new URLSearchParams(form),
        });
        expect(response.status, name).toBe(403);
        expect(await response.json()).toEqual({
          detail: expect.any(String),
          code: name === 'missing' ? 'signature-missing' : 'signature-wrong',
        });
      }
    },
  );

  test.each(PATHS)('to %s without a signature, and its body is not waited for', async (path) => {
    const { port } = new URL(running.base);
    const raw = connect(Number(port), '127.0.0.1');
    raw.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n` +
        'Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid=',
    );
    const [answer] = await once(raw, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 403 /);
    raw.destroy();
  });

  test('by a JSON webhook, unless its body is vouched for', async () => {
    const { base } = running;
    const body = '{"CallSid":"CA1"}';
    const post = async (query: string) => {
      const url = `${base}/twilio/stream-status${query}`;
      const headers = {
        'Content-Type': 'application/json',
        'X-Twilio-Signature': sign(DEVELOPMENT_AUTH_TOKEN, url),
      };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(body));
    expect(await post(`?bodySHA256=${Buffer.from(digest).toString('hex')}`)).toBe(200);
    expect(await post('?bodySHA256=00')).toBe(403);
    expect(await post('')).toBe(403);
  });

  test.each([
    ['no signature', ''],
    ['a wrong signature', 'x'.repeat(28)],
  ])('to the media socket with %s', async (_, signature) => {
    const { carrier } = running;
    const { url } = await carrier.ring('CA1');
    const socket = carrier.socket(url, signature);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    socket.on('error', () => {}).terminate();
  });

  test('to sockets elsewhere', async () => {
    const { carrier } = running;
    const { url } = await carrier.ring('CA1');
    const socket = carrier.socket(url.replace('media', 'other'));
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
    socket.on('error', () => {}).terminate();
  });

  test('to sockets, and nobody stays who is refused', async () => {
    const { port } = new URL(running.base);
    for (const path of ['/other', '/twilio/media']) {
      await using stack = new AsyncDisposableStack();
      const raw = stack.adopt(
        connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true }),
        (socket) => void socket.destroy(),
      );
      raw.on('error', () => {}).write(upgradeOf(path));
      const closed = once(raw, 'close');
      const [answer] = await once(raw, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1.1 40[34] /);
      await once(raw, 'end');
      // Our half stays open: only a server that has let go of its own answers that with a reset.
      const write = () => raw.write('x', (error) => (error ? raw.destroy() : setImmediate(write)));
      write();
      await closed;
    }
  });

  test('with a media pass that is used, wrong, missing, or another call’s', async () => {
    const { carrier } = running;
    const verb = await carrier.ring('CA1');
    const other = await carrier.ring('CA2');
    await using first = await carrier.stream('CA1', verb);
    await first.hears(200);
    const { call, token } = other.parameters;
    const passes = [
      verb.parameters,
      {},
      { call: verb.parameters.call ?? '', token: 'wrong' },
      { call: verb.parameters.call ?? '', token: token ?? '' },
      { call: call ?? '', token: verb.parameters.token ?? '' },
    ];
    for (const parameters of passes) {
      await using stream = await carrier.stream('CA1', { url: verb.url, parameters });
      expect(await stream.closed).toBe(1008);
    }
    await expectAlive(first);
  });

  test('with the development token through a tunnel, or once a real token is set', async () => {
    const { carrier } = running;
    const form = { CallSid: 'CA1' };
    const tunnelled = await carrier.post('/twilio/voice', form, { 'X-Forwarded-For': '192.0.2.1' });
    expect(tunnelled.status).toBe(403);
    const real = await open({ TWILIO_AUTH_TOKEN: TOKEN });
    expect((await real.carrier.post('/twilio/voice', form)).status).toBe(403);
    const twilio = new FakeCarrier(real.base, TOKEN);
    expect((await twilio.post('/twilio/voice', form)).status).toBe(200);
  });
});

describe('a server with a public URL', () => {
  test('gives out that URL, and takes what is signed for it', async () => {
    log = '';
    await open({
      TWILIO_AUTH_TOKEN: 'b'.repeat(32),
      TWILIO_AUTH_TOKEN_SECONDARY: TOKEN,
      BASE_URL: 'https://voice.example.com',
      VOICE_SERVER_WS_URL: 'wss://media.example.com/ws',
    });
    const port = portOf(log);
    const post = (signedFor: string) =>
      fetch(`http://127.0.0.1:${port}/twilio/voice`, {
        method: 'POST',
        headers: { 'X-Twilio-Signature': sign(TOKEN, signedFor, { CallSid: 'CA1' }) },
        body: new URLSearchParams({ CallSid: 'CA1' }),
      });
    const response = await post('https://voice.example.com/twilio/voice');
    const text = await response.text();
    expect(text).toContain('action="https://voice.example.com/twilio/continue/call-CA1"');
    expect(readStream(text).url).toBe('wss://media.example.com/ws');
    expect((await post(`http://127.0.0.1:${port}/twilio/voice`)).status).toBe(403);
    const socket = new FakeCarrier('', TOKEN).socket(
      `ws://127.0.0.1:${port}/ws`,
      sign(TOKEN, 'wss://media.example.com/ws'),
    );
    await using stream = new FakeStream(socket);
    await once(socket, 'open');
    stream.start('CA1', readStream(text).parameters);
    await stream.hears(200);
  });
});

describe('garbage of every kind', () => {
  test('to every endpoint gets a clear error, and the call in progress goes on', async () => {
    const { carrier, base } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    const bodies: [string, string | Buffer][] = [
      ['application/x-www-form-urlencoded', '%%%=%zz&&&=&__proto__=1&constructor=2'],
      ['application/x-www-form-urlencoded', Buffer.from([0, 255, 254, 1])],
      ['application/x-www-form-urlencoded', `a=${'x'.repeat(100_000)}`],
      ['application/json', '{"CallSid":'],
      ['application/json', '[]'],
      ['application/json', 'null'],
      ['application/json', `${'['.repeat(20_000)}`],
      ['text/plain', 'hello'],
      ['multipart/form-data', 'x'],
      ['application/xml', '<x/>'],
    ];
    const paths = [
      '/',
      '/health',
      '/twilio/voice',
      '/twilio/continue/call-CA1',
      '/twilio/stream-status',
      '/twilio/media',
      '/calls/CA1/transcript',
      '/nowhere',
      '/%00',
      '/%zz',
    ];
    for (const path of paths) {
      for (const [type, body] of bodies) {
        const headers = { 'Content-Type': type };
        const response = await fetch(base + path, { method: 'POST', headers, body });
        expect(response.status, `${path} ${type}`).toBeGreaterThanOrEqual(400);
        expect(response.status, `${path} ${type}`).toBeLessThan(500);
        expect(await response.json()).toEqual({
          detail: expect.any(String),
          code: expect.any(String),
        });
      }
    }
    await expectAlive(stream);
  });

  test('that is signed gets a clear error too', async () => {
    const { carrier } = running;
    for (const path of ['/twilio/voice', '/twilio/continue/call-CA1'])
      for (const form of [{}, { CallSid: '' }, { CallSid: '<x>' }, { CallSid: 'x'.repeat(100) }]) {
        const { status, text } = await carrier.post(path, form as Record<string, string>);
        expect(status).toBe(400);
        expect(JSON.parse(text)).toEqual({ detail: expect.any(String), code: 'bad-request' });
      }
  });

  test('in more fields than a webhook has gets a clear error, whatever their names', async () => {
    const { base } = running;
    const url = `${base}/twilio/stream-status`;
    const post = async (fields: readonly (readonly [string, string])[]) => {
      const grouped = Object.groupBy(fields, ([name]) => name);
      const names = Object.entries(grouped).map(([name, all = []]) => [
        name,
        all.map(([, v]) => v),
      ]);
      const signature = sign(DEVELOPMENT_AUTH_TOKEN, url, Object.fromEntries(names));
      const headers = { 'X-Twilio-Signature': signature };
      const body = new URLSearchParams();
      for (const [name, value] of fields) body.append(name, value);
      const response = await fetch(url, { method: 'POST', headers, body });
      return { status: response.status, body: await response.json() };
    };
    const so = (many: number, name: (i: number) => string) =>
      Array.from({ length: many }, (_, i) => [name(i), `${i}`] as const);
    for (const name of [String, () => 'a', (i: number) => `${i % 9}`]) {
      expect(await post(so(200, name))).toEqual({ status: 200, body: { received: true } });
      expect(await post(so(201, name))).toMatchObject({
        status: 400,
        body: { code: 'bad-request' },
      });
    }
  });

  test('has an end, too, in sockets that never start, and the call in progress goes on', async () => {
    const { carrier } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    const { url } = await carrier.ring('CA2');
    const silent = Array.from({ length: 500 }, () => carrier.socket(url));
    await Promise.all(silent.map((socket) => once(socket, 'open')));
    const socket = carrier.socket(url);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    socket.on('error', () => {}).terminate();
    const closed = silent.map((one) => once(one, 'close'));
    for (const one of silent) one.terminate();
    await Promise.all(closed);
    await expectAlive(stream);
  });

  test('to the sockets, and the call in progress goes on', async () => {
    const { carrier, base } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    for (const rubbish of ['{', 'null', '{"event":"media"}', 'x'.repeat(70_000), '\u0000'])
      stream.send(rubbish);
    stream.socket.send(Buffer.from([1, 2, 3]));
    const verb = await carrier.ring('CA2');
    const socket = carrier.socket(verb.url);
    const second = new FakeStream(socket);
    await once(socket, 'open');
    for (let i = 0; i < 5; i += 1) second.send('garbage');
    expect(await second.closed).toBe(1008);
    const { port } = new URL(base);
    for (const bytes of [
      'GET / HTTP/9\r\n\r\n',
      '\u0000\u0001\u0002\r\n\r\n',
      'GET /twilio/media HTTP/1.1\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const raw = connect(Number(port), '127.0.0.1').on('error', () => {});
      raw.write(bytes);
      raw.resume();
      await once(raw, 'close');
    }
    const huge = await carrier.stream('CA3', await carrier.ring('CA3'));
    await huge.hears(200);
    huge.socket.send('x'.repeat(2_000_000), () => {});
    expect(await huge.closed).not.toBe(1000);
    await expectAlive(stream);
  });
});

describe('what was said in a call', () => {
  test('is told as it happens', async () => {
    const { carrier, base } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    const response = await fetch(`${base}/calls/CA1/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    stream.speak(12);
    stream.press('9');
    const text = await response.text();
    const types = [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
    expect(types).toContain('stream-started');
    expect(types).toContain('partial');
    expect(types).toContain('stream-ended');
    const again = await fetch(`${base}/calls/CA1/events`, { headers: { 'Last-Event-ID': '1' } });
    expect(await again.text()).not.toContain('stream-started');
  });

  test.each(['transcript', 'events'])(
    'has an error of its own for unknown calls: %s',
    async (what) => {
      expect(await get(`/calls/CA9/${what}`)).toMatchObject({
        status: 404,
        body: { code: 'call-not-found' },
      });
    },
  );

  test.each([
    { Host: 'evil.example' },
    { Origin: 'https://evil.example' },
    { 'X-Forwarded-For': '192.0.2.1' },
  ])('is hidden from strangers: %o', async (headers) => {
    const { carrier, base } = running;
    await using _stream = await carrier.call('CA1');
    const { hostname, port } = new URL(base);
    for (const what of ['transcript', 'events']) {
      const raw = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
      const given = { Host: 'localhost', ...headers, Connection: 'close' };
      const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
      raw.write(`GET /calls/CA1/${what} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      let text = '';
      for await (const piece of raw) text += piece;
      expect(text).toMatch(/^HTTP\/1.1 401/);
      expect(text).toContain('"unauthorized"');
    }
  });

  test('is hidden from everybody outside development', async () => {
    const { base } = await open({}, { environment: 'production' });
    const response = await fetch(`${base}/calls/CA1/transcript`);
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  });
});

describe('a server that stops', () => {
  test('takes no new calls and lets those that live, or were told to come, end', async () => {
    const { server, carrier } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    const verb = await carrier.ring('CA2');
    const drained = server.drain();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { reason: 'The server is stopping' },
    });
    const { text } = await carrier.post('/twilio/voice', { CallSid: 'CA3' });
    expect(text).toMatch(/<Say>We are sorry.*<Hangup\/>/);
    await using told = await carrier.stream('CA2', verb);
    await told.hears(200);
    await expectAlive(told);
    await expectAlive(stream);
    await drained;
    const socket = carrier.socket(verb.url);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    socket.on('error', () => {}).terminate();
  });

  test('ends calls whose grace is over', async () => {
    const { server, carrier } = await open({}, { graceMs: 1 });
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    await server.drain();
    expect(await stream.closed).toBe(1000);
    expect(log).toContain('"ending":"moved"');
  });

  test('closes everything: calls, listeners, streams that did not start, engines, the port', async () => {
    const { server, carrier, desk, base } = running;
    await using stream = await carrier.call('CA1');
    await stream.hears(200);
    const listening = await fetch(`${base}/calls/CA1/events`);
    const verb = await carrier.ring('CA2');
    const silent = new FakeStream(carrier.socket(verb.url));
    await once(silent.socket, 'open');
    await server[Symbol.asyncDispose]();
    await listening.text();
    await Promise.all([stream.closed, silent.closed]);
    expect(desk.closed).toBe(true);
    await expect(fetch(`${base}/health`)).rejects.toThrow();
    await server[Symbol.asyncDispose]();
  });

  test('does not wait for peers that keep their half of a socket open', async () => {
    const { server, base } = running;
    const { port } = new URL(base);
    const media = new URL('/twilio/media', base).href.replace('http', 'ws');
    const admitted = upgradeOf('/twilio/media', sign(DEVELOPMENT_AUTH_TOKEN, media));
    const peers: Socket[] = [];
    for (const [request, status] of [
      [admitted, 101],
      [upgradeOf('/twilio/media'), 403],
    ] as const) {
      const peer = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
      peer.on('error', () => {}).write(request);
      peers.push(peer);
      expect(String((await once(peer, 'data'))[0])).toContain(`HTTP/1.1 ${status} `);
    }
    await server[Symbol.asyncDispose]();
    for (const peer of peers) peer.destroy();
  });

  test('closes what was opened when its engines cannot be', async () => {
    const config = loadConfig(SMALL);
    let written = '';
    const write = (line: string) => {
      written += line;
    };
    const openDesk = async () => {
      throw new Error('no engines');
    };
    const starting = start(config, { log: openLog(config, { write }), openDesk }, never);
    await expect(starting).rejects.toThrow('no engines');
    await expect(fetch(`http://127.0.0.1:${portOf(written)}/health`)).rejects.toThrow();
  });
});
