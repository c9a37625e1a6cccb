import { createHmac } from 'node:crypto';
import { type Delivery, MemoryOutbox } from '@earshot/calls';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeReceiver } from './receiver.fake.ts';
import { retryAfterMs, WebhookSender } from './webhook-sender.ts';

const SECRET = 's'.repeat(32);
const log = pino({ level: 'silent' });

let receiver: FakeReceiver;
let outbox: MemoryOutbox;
let now: number;
let told: string[];

beforeEach(async () => {
  receiver = await FakeReceiver.open();
  outbox = new MemoryOutbox();
  now = 1_800_000_000_000;
  told = [];
});

afterEach(() => receiver[Symbol.asyncDispose]());

function open(): WebhookSender {
  return new WebhookSender({
    outbox,
    log,
    secret: SECRET,
    reach: { loopback: true, plain: true },
    now: () => now,
    told: (_, result) => void told.push(result),
  });
}

function delivery(id: string, url = receiver.url): Delivery {
  const times = { attempts: 0, nextAttemptAtMs: now, createdAtMs: now };
  return { id, url, event: 'call.ended', body: `{"id":"${id}"}`, ...times };
}

/** Waits until the sender has seen what came of it. */
async function settled(count: number): Promise<void> {
  while (told.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('what is in the outbox is delivered, named and signed', async () => {
  await outbox.add(delivery('one'));
  await using _sender = open();
  const [first] = await receiver.has(1);
  const t = Math.floor(now / 1_000);
  const v1 = createHmac('sha256', SECRET).update(`${t}.{"id":"one"}`).digest('hex');
  expect(first).toMatchObject({
    body: '{"id":"one"}',
    headers: {
      'content-type': 'application/json',
      'earshot-event': 'call.ended',
      'earshot-delivery': 'one',
      'earshot-signature': `t=${t},v1=${v1}`,
    },
  });
  await settled(1);
  expect(await outbox.claim(now + 1e9, 1, 10)).toEqual([]);
});

test('what cannot be delivered is tried again later, also by the process that comes after', async () => {
  receiver.answer = (response) => void response.writeHead(500).end();
  await outbox.add(delivery('one'));
  {
    await using _sender = open();
    await settled(1);
  }
  expect(told).toEqual(['failed']);
  expect(await outbox.claim(now + 4_999, 1, 10)).toEqual([]);
  receiver.answer = (response) => void response.writeHead(200).end();
  now += 5_000;
  await using _next = open();
  await settled(2);
  expect(told).toEqual(['failed', 'delivered']);
  expect(receiver.received).toHaveLength(2);
});

test('what comes while it waits is delivered when it is told', async () => {
  await using sender = open();
  await new Promise((resolve) => setImmediate(resolve));
  await outbox.add(delivery('late'));
  sender.nudge();
  await receiver.has(1);
});

test('one that hangs keeps none of the others', async () => {
  receiver.answer = (response, { body }) => {
    if (!body.includes('hangs')) response.writeHead(200).end();
  };
  await outbox.add(delivery('hangs'));
  await outbox.add(delivery('goes'));
  await using _sender = open();
  await settled(1);
  expect(told).toEqual(['delivered']);
});

test('an outbox that is away ends nothing', async () => {
  const { claim } = outbox;
  let asked = 0;
  outbox.claim = async () => {
    asked += 1;
    throw new Error('away');
  };
  await using sender = open();
  while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
  outbox.claim = claim.bind(outbox);
  await outbox.add(delivery('one'));
  sender.nudge();
  await receiver.has(1);
});

test('attempts get rarer, and end after some days', () => {
  expect([1, 2, 3, 4].map(retryAfterMs)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(retryAfterMs(20)).toBe(6 * 60 * 60_000);
  expect(retryAfterMs(23)).not.toBeNull();
  expect(retryAfterMs(24)).toBeNull();
  const all = Array.from({ length: 23 }, (_, i) => retryAfterMs(i + 1) ?? 0);
  const days = all.reduce((sum, ms) => sum + ms, 0) / 86_400_000;
  expect(days).toBeGreaterThan(2);
  expect(days).toBeLessThan(5);
});
