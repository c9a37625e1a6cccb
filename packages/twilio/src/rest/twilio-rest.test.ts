import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { CallError } from '@earshot/calls';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  answers,
  breaksOff,
  html,
  isSilent,
  type Reply,
  refuses,
  resets,
  ScriptedTwilio,
} from './scripted-twilio.fake.ts';
import { TwilioRest, type TwilioRestOptions } from './twilio-rest.ts';

const { signal } = new AbortController();
const shape = z.object({ sid: z.string() });
const ask = { path: 'Calls.json', parameters: { To: '+15005550001' }, shape, what: 'a test' };
const good = answers(201, { sid: 'one' });
const credentials = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };

function restAt(baseUrl: string, options: Partial<TwilioRestOptions> = {}): TwilioRest {
  return new TwilioRest({ credentials, baseUrl, wait: async () => {}, ...options });
}

async function failure(work: Promise<unknown>): Promise<CallError> {
  const error = await work.catch((error: unknown) => error);
  if (!(error instanceof CallError)) throw new Error(`No CallError: ${String(error)}`);
  return error;
}

test('a form goes to the account, signed in by its token', async () => {
  await using twilio = await ScriptedTwilio.open(good);
  const parameters = { To: '+1 5&=ü', Events: ['a', 'b'], Count: 7, Flag: false, Left: undefined };
  await restAt(twilio.url).post({ ...ask, parameters }, signal);
  expect(twilio.received).toEqual([
    {
      method: 'POST',
      path: `/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`,
      query: [],
      form: [
        ['Count', '7'],
        ['Events', 'a'],
        ['Events', 'b'],
        ['Flag', 'false'],
        ['To', '+1 5&=ü'],
      ],
      authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`,
      accept: 'application/json',
      contentType: 'application/x-www-form-urlencoded',
    },
  ]);
});

test('an API key signs in under its own name, for the same account', async () => {
  await using twilio = await ScriptedTwilio.open(good);
  const key = { accountSid: ACCOUNT_SID, apiKeySid: 'SK1', apiKeySecret: 'secret' };
  await restAt(`${twilio.url}/`, { credentials: key }).get(ask, signal);
  const [received] = twilio.received;
  expect(received?.path).toContain(ACCOUNT_SID);
  expect(received?.query).toEqual([['To', '+15005550001']]);
  expect(received?.authorization).toBe(`Basic ${btoa('SK1:secret')}`);
});

test('a base URL may have a path of its own', async () => {
  await using twilio = await ScriptedTwilio.open(answers(204, null));
  await restAt(`${twilio.url}/proxy/`).delete({ path: 'Calls/x.json', what: 'a test' }, signal);
  expect(twilio.received[0]).toMatchObject({
    method: 'DELETE',
    path: `/proxy/2010-04-01/Accounts/${ACCOUNT_SID}/Calls/x.json`,
  });
});

test('429 is asked again, as late as it wants, and nothing else is', async () => {
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  const busy = refuses(429, 20_429, { 'retry-after': '2' });
  await using twilio = await ScriptedTwilio.open(busy, refuses(429, 20_429), busy, good);
  expect(await restAt(twilio.url, { wait }).post({ ...ask, once: true }, signal)).toEqual({
    sid: 'one',
  });
  expect(waits).toHaveLength(3);
  for (const ms of [waits[0] ?? 0, waits[2] ?? 0]) expect(ms).toBeGreaterThanOrEqual(2_000);
  expect(waits[1]).toBeLessThanOrEqual(3_000);

  twilio.will(html(503), good);
  await failure(restAt(twilio.url).get(ask, signal));
  expect(twilio.received).toHaveLength(5);
});

test('who stays busy for four tries, or asks for a long wait, is busy', async () => {
  const busy = refuses(429, 20_429);
  await using twilio = await ScriptedTwilio.open(busy, busy, busy, busy, good);
  const error = await failure(restAt(twilio.url).post({ ...ask, once: true }, signal));
  expect(error).toMatchObject({ code: 'carrier-busy', carrierCode: 20_429, retryable: true });
  expect(twilio.received).toHaveLength(4);

  await using slow = await ScriptedTwilio.open(refuses(429, 20_429, { 'retry-after': '60' }), good);
  expect((await failure(restAt(slow.url).get(ask, signal))).code).toBe('carrier-busy');
  expect(slow.received).toHaveLength(1);
});

test('who gives up while waiting for another try leaves nothing unclear', async () => {
  await using twilio = await ScriptedTwilio.open(refuses(429, 20_429), good);
  const gaveUp = new AbortController();
  const wait = (_: number, signal: AbortSignal) => {
    gaveUp.abort();
    return Promise.reject(signal.reason);
  };
  const rest = restAt(twilio.url, { wait });
  const error = await failure(rest.post({ ...ask, once: true }, gaveUp.signal));
  expect(error.code).toBe('carrier-busy');
  expect(twilio.received).toHaveLength(1);
});

const DOUBTFUL: Readonly<Record<string, Reply>> = {
  'a reset': resets(),
  'an answer that breaks off': breaksOff(),
  'HTTP 500': html(500),
  'HTTP 502 with a body of Twilio': refuses(502, 20_500),
  'HTTP 408': html(408),
  'success with a page of a proxy': html(200),
  'success with nothing': (response) => void response.writeHead(201).end(),
  'success of the wrong shape': answers(201, { sid: 7 }),
  'success that is too long': answers(201, { sid: 'x'.repeat(70_000) }),
  'no HTTP at all': (response) => void response.socket?.end('SSH-2.0-what\r\n\r\n'),
  'no answer in time': isSilent(),
};

test.each(Object.entries(DOUBTFUL))(
  'after %s, only what may be done again is',
  async (_, reply) => {
    await using twilio = await ScriptedTwilio.open(reply, reply, reply);
    const rest = restAt(twilio.url, { timeoutMs: 100, answerLimitBytes: 65_536 });
    const once = await failure(rest.post({ ...ask, once: true }, signal));
    expect(once).toMatchObject({ code: 'carrier-ambiguous', retryable: false });
    const again = await failure(rest.post(ask, signal));
    expect(again).toMatchObject({ code: 'carrier-unavailable', retryable: true });
    expect(await failure(rest.get(ask, signal))).toMatchObject({ code: 'carrier-unavailable' });
    expect(twilio.received).toHaveLength(3);
  },
);

test('what never left is not doubtful: no server, no such name, no TLS', async () => {
  await using twilio = await ScriptedTwilio.open();
  const closed = await ScriptedTwilio.open();
  const closedUrl = closed.url;
  await closed[Symbol.asyncDispose]();
  const urls = [closedUrl, 'http://nobody.invalid', twilio.url.replace('http', 'https')];
  for (const url of urls) {
    const error = await failure(restAt(url).post({ ...ask, once: true }, signal));
    expect(error).toMatchObject({ code: 'carrier-unavailable', retryable: true });
  }
  expect(twilio.received).toHaveLength(0);
});

test('a server that never finishes the TLS handshake has got nothing', async () => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const rest = restAt(url, { timeoutMs: 100 });
  const error = await failure(rest.post({ ...ask, once: true }, signal));
  expect(error).toMatchObject({ code: 'carrier-unavailable' });
  mute.close();
});

test('who gives up before the request leaves leaves nothing, and afterwards doubt', async () => {
  await using twilio = await ScriptedTwilio.open();
  const rest = restAt(twilio.url);
  const before = await failure(rest.post({ ...ask, once: true }, AbortSignal.abort()));
  expect(before.code).toBe('carrier-unavailable');
  expect(twilio.received).toHaveLength(0);

  const gaveUp = new AbortController();
  twilio.will(() => gaveUp.abort());
  const after = await failure(rest.post({ ...ask, once: true }, gaveUp.signal));
  expect(after.code).toBe('carrier-ambiguous');
});

test('whatever else is said is a refusal with the code of Twilio', async () => {
  await using twilio = await ScriptedTwilio.open(
    refuses(400, 21_211),
    html(404),
    refuses(401, 20_003),
  );
  const rest = restAt(twilio.url);
  const error = await failure(rest.post({ ...ask, once: true }, signal));
  expect(error).toMatchObject({ code: 'carrier-refused', carrierCode: 21_211, retryable: false });
  expect(error.message).toBe('Twilio refused a test (21211)');
  const page = await failure(rest.get(ask, signal));
  expect(page).toMatchObject({ code: 'carrier-refused', carrierCode: null });
  expect((await failure(rest.get(ask, signal))).carrierCode).toBe(20_003);
});

test('too many calls at the same time is busy, not refused', async () => {
  await using twilio = await ScriptedTwilio.open(refuses(400, 10_004));
  const error = await failure(restAt(twilio.url).post({ ...ask, once: true }, signal));
  expect(error).toMatchObject({ code: 'carrier-busy', carrierCode: 10_004 });
});

test('a redirect is not followed: the credentials stay here', async () => {
  await using elsewhere = await ScriptedTwilio.open(good);
  const away = html(307, { location: `${elsewhere.url}/x` });
  await using twilio = await ScriptedTwilio.open(away);
  const error = await failure(restAt(twilio.url).post({ ...ask, once: true }, signal));
  expect(error.code).toBe('carrier-refused');
  expect(elsewhere.received).toHaveLength(0);
});

test('no failure tells a number, a secret or an answer, however it is printed', async () => {
  const replies = [refuses(400, 21_211), ...Object.values(DOUBTFUL)];
  await using twilio = await ScriptedTwilio.open(...replies);
  const rest = restAt(twilio.url, { timeoutMs: 100, answerLimitBytes: 65_536 });
  for (const _ of replies) {
    const error = await failure(rest.post({ ...ask, once: true }, signal));
    const printed = inspect(error, { depth: 9, showHidden: true }).replaceAll(/\n\s+at .*/g, '');
    expect(printed).not.toMatch(/500555|a-token|SSH|sid|html/);
  }
  expect(inspect(rest, { depth: 9, showHidden: true })).not.toContain(AUTH_TOKEN);
});

test('an account that is none, and an address that is none, are refused at once', () => {
  const bad = { ...credentials, accountSid: '../AC' };
  expect(() => new TwilioRest({ credentials: bad })).toThrow(
    expect.objectContaining({ code: 'bad-account' }),
  );
  expect(() => restAt('ftp://x')).toThrow(expect.objectContaining({ code: 'bad-api-url' }));
});
