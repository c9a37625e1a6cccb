import { expect, test } from 'vitest';
import { type Answer, startScriptedServer } from './scripted-server.ts';
import { sign } from './signature.ts';
import { type Webhook, WebhookClient } from './webhook.ts';

const never = new AbortController().signal;
const client = new WebhookClient('token');
const webhook = (url: string, method: Webhook['method'] = 'POST'): Webhook => ({
  url,
  method,
  params: { CallSid: 'CA1', From: '+15550100', Empty: '' },
  idempotencyToken: 'once',
});

const serve = (answer: Answer) => startScriptedServer({ answers: { '/voice': answer } });

test('posts a signed form', async () => {
  await using server = await serve('<Response/>');
  const url = `${server.url}/voice?tenant=1`;
  const answer = await client.ask(webhook(url), never);
  expect(answer).toEqual({ type: 'answered', url, contentType: 'text/xml', body: '<Response/>' });
  const [asked] = server.asked;
  expect(asked).toMatchObject({ method: 'POST', params: { Empty: '', From: '+15550100' } });
  expect(asked?.headers['content-type']).toContain('application/x-www-form-urlencoded');
  expect(asked?.headers['x-twilio-signature']).toBe(sign('token', url, webhook(url).params));
  expect(asked?.headers['i-twilio-idempotency-token']).toBe('once');
});

test('asks by GET with everything in the query, signed with it', async () => {
  await using server = await serve('<Response/>');
  await client.ask(webhook(`${server.url}/voice`, 'GET'), never);
  const [asked] = server.asked;
  expect(asked?.path).toBe('/voice?CallSid=CA1&From=%2B15550100&Empty=');
  const url = `${server.url}${asked?.path}`;
  expect(asked?.headers['x-twilio-signature']).toBe(sign('token', url));
});

test('follows redirects, signing each request for its own address', async () => {
  const redirect: Answer = (response) => response.writeHead(307, { Location: '/other' }).end();
  await using server = await startScriptedServer({
    answers: { '/voice': redirect, '/other': '<Response/>' },
  });
  const answer = await client.ask(webhook(`${server.url}/voice`), never);
  expect(answer).toMatchObject({ type: 'answered', url: `${server.url}/other` });
  const signature = sign('token', `${server.url}/other`, webhook('').params);
  expect(server.asked[1]?.headers['x-twilio-signature']).toBe(signature);
});

test.each<[string, string, Answer]>([
  [
    '11215',
    'redirects in circles',
    (response) => response.writeHead(302, { Location: '/voice' }).end(),
  ],
  ['11200', 'answers 500', (response) => response.writeHead(500).end('oops')],
  ['11200', 'answers 403', (response) => response.writeHead(403).end()],
])('%s: a server that %s', async (code, _name, answer) => {
  await using server = await serve(answer);
  const result = await client.ask(webhook(`${server.url}/voice`), never);
  expect(result).toMatchObject({ type: 'failed', code });
});

test('11205: a server that does not answer in time', async () => {
  await using server = await serve(() => {});
  const hurried = new WebhookClient('token', 50);
  const result = await hurried.ask(webhook(`${server.url}/voice`), never);
  expect(result).toMatchObject({ type: 'failed', code: '11205' });
  expect(server.asked.length).toBe(1);
});

test('11205: a server that stalls in the middle of its answer', async () => {
  await using server = await serve((response) => {
    response.writeHead(200, { 'Content-Type': 'text/xml' }).write('<Resp');
  });
  const result = await new WebhookClient('token', 50).ask(webhook(`${server.url}/voice`), never);
  expect(result).toMatchObject({ type: 'failed', code: '11205' });
});

test('a connection that breaks is tried once more, with the same idempotency token', async () => {
  let broken = 0;
  await using server = await serve((response) => {
    broken += 1;
    if (broken === 1) response.destroy();
    else response.writeHead(200, { 'Content-Type': 'text/xml' }).end('<Response/>');
  });
  const result = await client.ask(webhook(`${server.url}/voice`), never);
  expect(result.type).toBe('answered');
  const tokens = server.asked.map(({ headers }) => headers['i-twilio-idempotency-token']);
  expect(tokens).toEqual(['once', 'once']);
});

test('11205: nobody listens', async () => {
  const gone = await serve('<Response/>');
  await gone[Symbol.asyncDispose]();
  const result = await client.ask(webhook(`${gone.url}/voice`), never);
  expect(result).toMatchObject({
    type: 'failed',
    code: '11205',
    text: expect.stringContaining('ECONNREFUSED'),
  });
});

test('11210: an address that is none', async () => {
  const result = await client.ask(webhook('not a url'), never);
  expect(result).toMatchObject({ type: 'failed', code: '11210' });
});

test('rejects when the call is over', async () => {
  await using server = await serve(() => over.abort(new Error('over')));
  const over = new AbortController();
  await expect(client.ask(webhook(`${server.url}/voice`), over.signal)).rejects.toThrow('over');
});
