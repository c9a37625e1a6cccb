import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer } from './test-server.fake.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.open();
});

afterAll(() => server[Symbol.asyncDispose]());

const order = { phone_number: '+12025550142' };

test.each([
  ['', 'The body is missing: it must be JSON'],
  [[], 'body: must be an object'],
  [{}, 'phone_number: is missing'],
  [{ phone_number: 7 }, 'phone_number: must be a string'],
  [{ ...order, record: 'yes' }, 'record: must be true or false'],
  [{ ...order, metadata: 'mine' }, 'metadata: must be an object'],
  [
    { ...order, metadata: { ['x'.repeat(101)]: 1 } },
    `metadata.${'x'.repeat(101)}: its name must have a length of at most 100`,
  ],
  [{ ...order, greeting: ' ' }, 'greeting: must have a length of at least 1'],
  [{ ...order, max_duration_seconds: 9 }, 'max_duration_seconds: must be at least 10'],
  [{ ...order, max_duration_seconds: 20_000 }, 'max_duration_seconds: must be at most 14400'],
  [{ ...order, max_duration_seconds: 60.5 }, 'max_duration_seconds: must be a whole number'],
  [{ ...order, machine_detection: 'on' }, 'machine_detection: must be off or report or hang_up'],
  [
    { ...order, vad_config: { loud: 1 }, fast: 1 },
    'vad_config.loud: is not known here; fast: is not known here',
  ],
])('of the order %j it is told what is wrong: %s', async (body, detail) => {
  expect(await server.post('/calls', body)).toMatchObject({
    status: 422,
    body: { code: 'invalid-request', detail },
  });
});

test.each([
  ['/calls?limit=x', 'limit: must be a number'],
  ['/calls?limit=101', 'limit: must be at most 100'],
  ['/calls?foo=bar&limit=1', 'foo: is not known here'],
  ['/calls/CA1/result?wiat=5', 'wiat: is not known here'],
  ['/calls?direction=up', 'direction: must be inbound or outbound'],
  ['/calls/a.b', 'id: is no call id'],
])('of the question %s it is told what is wrong: %s', async (path, detail) => {
  expect(await server.ask(path)).toMatchObject({
    status: 422,
    body: { code: 'invalid-request', detail },
  });
});

test('a body that cannot be read is told from one of another type', async () => {
  expect(await server.post('/calls', '{')).toMatchObject({
    status: 400,
    body: { code: 'bad-request', detail: 'The body is not valid JSON' },
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await server.post('/calls', 'phone_number=1', form)).toMatchObject({
    status: 415,
    body: { code: 'unsupported-media-type', detail: expect.stringContaining('application/json') },
  });
});
