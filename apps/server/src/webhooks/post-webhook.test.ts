import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postWebhook } from './post-webhook.ts';
import { FakeReceiver } from './receiver.fake.ts';

const STRICT = { loopback: false, plain: true };
const HERE = { loopback: true, plain: true };
const never = new AbortController().signal;

let receiver: FakeReceiver;

beforeEach(async () => {
  receiver = await FakeReceiver.open();
});

afterEach(() => receiver[Symbol.asyncDispose]());

test('what is posted arrives as it is', async () => {
  await postWebhook(receiver.url, '{"é":1}', { 'earshot-event': 'x' }, { reach: HERE }, never);
  expect(receiver.received).toMatchObject([
    { url: '/hook', body: '{"é":1}', headers: { 'earshot-event': 'x', 'content-length': '8' } },
  ]);
});

test.each([199, 301, 302, 307, 308, 400, 410, 500, 503])(
  'an answer of %i is none',
  async (status) => {
    receiver.answer = (response) => {
      response
        .writeHead(status === 199 ? 404 : status, { location: `${receiver.url}/redirected` })
        .end();
    };
    await expect(postWebhook(receiver.url, '{}', {}, { reach: HERE }, never)).rejects.toMatchObject(
      {
        code: 'status',
      },
    );
    expect(receiver.received).toHaveLength(1);
  },
);

test('an endless answer is not read', async () => {
  receiver.answer = (response) => {
    response.writeHead(200);
    response.write('x'.repeat(1_000_000));
  };
  await postWebhook(receiver.url, '{}', {}, { reach: HERE }, never);
});

test('a server that is not there, and one that hangs until we stop, are told as unreachable', async () => {
  const url = receiver.url;
  receiver.answer = () => {};
  const stop = new AbortController();
  const hanging = postWebhook(url, '{}', {}, { reach: HERE }, stop.signal);
  await receiver.has(1);
  stop.abort();
  await expect(hanging).rejects.toMatchObject({ code: 'unreachable' });
  await expect(
    postWebhook('http://127.0.0.1:1/', '{}', {}, { reach: HERE }, never),
  ).rejects.toMatchObject({ code: 'unreachable' });
});

describe('a name', () => {
  const to = (port: number) => `http://hooks.example.com:${port}/hook`;
  const asks = (...answers: string[][]) => {
    let asked = 0;
    const lookUp = async () => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    };
    return { lookUp, asked: () => asked };
  };

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['10.0.0.5'],
    ['169.254.169.254'],
    ['64:ff9b::7f00:1'],
    ['fd00:ec2::254'],
    ['0.0.0.0'],
  ])('that leads to %s is refused before anything is sent', async (address) => {
    const { lookUp } = asks([address]);
    await expect(
      postWebhook(to(receiver.port), '{}', {}, { reach: STRICT, lookUp }, never),
    ).rejects.toMatchObject({ code: 'refused-address' });
    expect(receiver.received).toHaveLength(0);
  });

  test('that leads to a public address and a private one is refused', async () => {
    const { lookUp } = asks(['93.184.215.14', '127.0.0.1']);
    await expect(
      postWebhook(to(receiver.port), '{}', {}, { reach: STRICT, lookUp }, never),
    ).rejects.toMatchObject({ code: 'refused-address' });
  });

  test('that changes its mind is looked up once: what was checked is what is connected to', async () => {
    const { lookUp, asked } = asks(['127.0.0.1'], ['10.0.0.5']);
    await postWebhook(to(receiver.port), '{}', {}, { reach: HERE, lookUp }, never);
    expect(asked()).toBe(1);
    expect(receiver.received).toHaveLength(1);
  });

  test('that leads nowhere is unreachable or refused, and never a crash', async () => {
    const lookUp = async () => {
      throw new Error('ENOTFOUND');
    };
    await expect(
      postWebhook(to(1), '{}', {}, { reach: STRICT, lookUp }, never),
    ).rejects.toMatchObject({ code: 'unreachable' });
    await expect(
      postWebhook(to(1), '{}', {}, { reach: STRICT, lookUp: async () => [] }, never),
    ).rejects.toMatchObject({ code: 'refused-address' });
  });
});

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://[::1]/',
  'http://0x7f.1/',
  'file:///etc/passwd',
])('the URL %s is refused without a look', async (url) => {
  await expect(postWebhook(url, '{}', {}, { reach: STRICT }, never)).rejects.toMatchObject({
    code: 'refused-address',
  });
});
