import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSecret } from './secret.ts';
import { TestServer } from './test-server.fake.ts';

let server: TestServer;
let strict: TestServer;

beforeAll(async () => {
  server = await TestServer.open();
  strict = await TestServer.open({
    ENVIRONMENT: 'production',
    BASE_URL: 'http://localhost:1',
    HOST: '127.0.0.1',
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await strict[Symbol.asyncDispose]();
});

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { security?: unknown[]; responses: object }>>;
}

const strictBase = () => /listening at (http:\/\/[^"]+)"/.exec(strict.log)?.[1] ?? '';

async function described(): Promise<Description> {
  return (await fetch(`${server.base}/openapi.json`)).json() as Promise<Description>;
}

test('the API is described in OpenAPI 3.1, and people read it from our own files', async () => {
  const { openapi, paths } = await described();
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths).sort()).toEqual([
    '/',
    '/calls',
    '/calls/{id}',
    '/calls/{id}/events',
    '/calls/{id}/recording',
    '/calls/{id}/result',
    '/calls/{id}/say',
    '/calls/{id}/terminate',
    '/calls/{id}/transcript',
    '/calls/{id}/transfer',
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
  ]);
  const page = await fetch(`${server.base}/docs/`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).not.toMatch(/https?:|upgrade-insecure/);
  const config = await (await fetch(`${server.base}/docs/static/swagger-initializer.js`)).text();
  expect(config).toContain('"layout":"BaseLayout"');
  const html = await page.text();
  expect(html).toContain('<title>Earshot API</title>');
  expect(html).not.toContain('favicon');
  const redoc = await fetch(`${server.base}/redoc`, { redirect: 'manual' });
  expect(redoc.headers.get('location')).toBe('/docs');
});

test('no route is open but health and the description', async () => {
  const { paths } = await described();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { security }] of Object.entries(methods)) {
      const url = strictBase() + path.replace('{id}', 'call-1');
      const response = await fetch(url, { method: method.toUpperCase() });
      const isOpen = security?.length === 0;
      expect(isOpen, path).toBe(path === '/' || path.startsWith('/health'));
      expect(response.status === 401, `${method} ${path}`).toBe(!isOpen);
    }
});

test('pages of other origins are answered in development alone', async () => {
  const headers = { Origin: 'https://app.example.com' };
  const open = await fetch(`${server.base}/health`, { headers });
  expect(open.headers.get('access-control-allow-origin')).toBe('*');
  expect((await fetch(`${server.base}/calls`, { headers })).status).toBe(401);
  const closed = await fetch(`${strictBase()}/health`, { headers });
  expect(closed.headers.get('access-control-allow-origin')).toBeNull();
});

test('figures are told, with the calls of the day, and no number in them', async () => {
  const { id, sid } = await server.order();
  await server.status(id, sid, 'busy', 1);
  await server.ask(`/calls/${id}/result`);
  const text = await (await fetch(`${server.base}/metrics`)).text();
  expect(text).toContain(
    'earshot_calls_total{direction="outbound",status="busy",reason="busy",blame="callee"} 1',
  );
  for (const name of [
    'earshot_http_request_duration_seconds_count',
    'earshot_active_calls 0',
    'earshot_hosted_calls',
    'earshot_queued_dials',
    'earshot_reply_gap_seconds_count',
    'earshot_barge_ins_total',
    'earshot_audio_frames_total',
    'earshot_courier_entries',
    'process_cpu_seconds_total',
  ])
    expect(text).toContain(name);
  expect(text).not.toMatch(/2025550|call-[0-9a-f]{8}|CA0000/);
});

test('behind a proxy that is trusted, who guesses keys is known by the address that it tells', async () => {
  await using own = await TestServer.open({ TRUSTED_PROXIES: 'loopback' });
  const guess = async (from: string) => {
    const headers = { authorization: `Bearer ${newSecret()}`, 'x-forwarded-for': from };
    return (await fetch(`${own.base}/calls`, { headers })).status;
  };
  for (let i = 0; i < 30; i += 1) expect(await guess('192.0.2.1')).toBe(401);
  expect(await guess('192.0.2.1')).toBe(429);
  expect(await guess('192.0.2.2')).toBe(401);
});

test('a server that stops says so, and takes no orders', async () => {
  await using own = await TestServer.open({ GRACE_MS: '0' });
  await own.drain();
  expect(await own.post('/calls', { phone_number: '+12025550142' })).toMatchObject({
    status: 503,
    body: { code: 'not-ready' },
    headers: expect.anything(),
  });
  expect(await own.ask('/health/ready')).toMatchObject({
    status: 503,
    body: { status: 'not_ready', reason: 'The server is stopping' },
  });
});

test('with the host of calls’ lives away, callers are answered, and orders are not taken', async () => {
  await using own = await TestServer.open({ TEMPORAL_HOST: '127.0.0.1', TEMPORAL_PORT: '1' });
  expect((await own.ask('/')).body).not.toHaveProperty('temporal');
  expect(own.log).toContain('TEMPORAL_PAYLOAD_KEYS is not set');
  await using stream = await own.carrier.call('CA1');
  await stream.hears(200);
  expect(await own.post('/calls', { phone_number: '+12025550142' })).toMatchObject({
    status: 503,
    body: { code: 'lifecycle-unavailable' },
  });
  expect(own.twilio.calls.size).toBe(0);
  stream.press('9');
  expect(await stream.closed).toBe(1000);
});

test.each([
  ['GET / HTTP/9\r\n\r\n', 400, 'bad-request'],
  ['\u0000\u0001\r\n\r\n', 400, 'bad-request'],
  [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
])('what is no request is told so, as all errors are: %j', async (bytes, status, code) => {
  const raw = connect(Number(new URL(server.base).port), '127.0.0.1').on('error', () => {});
  raw.write(bytes);
  let text = '';
  for await (const piece of raw) text += piece;
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toEqual({ detail: expect.any(String), code });
});
