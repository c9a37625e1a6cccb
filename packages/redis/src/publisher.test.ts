import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Publisher } from './publisher.ts';

/** Stands for the client's connection: confirms at once while it is there. */
class FakeConnection extends EventEmitter {
  status = 'ready';
  readonly published: string[] = [];

  pipeline() {
    const texts: string[] = [];
    return {
      publish: (_channel: string, text: string) => texts.push(text),
      exec: async () => {
        this.published.push(...texts);
        return texts.map(() => [null, 1]);
      },
    };
  }

  loses(attempts: number): void {
    this.status = 'reconnecting';
    for (let attempt = 0; attempt <= attempts; attempt += 1) {
      this.emit('close');
      vi.advanceTimersByTime(2_000);
    }
  }

  returns(): void {
    this.status = 'ready';
    this.emit('ready');
    vi.advanceTimersByTime(10_000);
  }
}

let connection: FakeConnection;
let publisher: Publisher;

beforeEach(() => {
  vi.useFakeTimers();
  connection = new FakeConnection();
  publisher = new Publisher(connection as unknown as Redis);
});

afterEach(() => {
  publisher[Symbol.dispose]();
  vi.useRealTimers();
});

async function tell(text: string): Promise<void> {
  publisher.push({ channel: 'c', text });
  await publisher.sent(new AbortController().signal);
}

test('what was confirmed just before an outage is sent again, however long that lasts', async () => {
  await tell('long ago');
  vi.advanceTimersByTime(5_000);
  await tell('just before');
  connection.loses(5);
  publisher.push({ channel: 'c', text: 'meanwhile' });
  connection.returns();
  await publisher.sent(new AbortController().signal);
  expect(connection.published).toEqual(['long ago', 'just before', 'just before', 'meanwhile']);
});

test('and once an outage', async () => {
  await tell('just before');
  for (let outage = 0; outage < 3; outage += 1) {
    connection.loses(1);
    connection.returns();
    await publisher.sent(new AbortController().signal);
    vi.advanceTimersByTime(5_000);
  }
  expect(connection.published).toEqual(['just before', 'just before']);
});
