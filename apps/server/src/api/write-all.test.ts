import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { writeAll } from './write-all.ts';

const never = new AbortController().signal;

async function* many(count: number, made: number[] = []): AsyncGenerator<string> {
  for (let i = 0; i < count; i += 1) {
    made.push(i);
    yield `${'x'.repeat(100)}\n`;
  }
}

test('all is written, no faster than it is read', async () => {
  const stream = new PassThrough({ highWaterMark: 64 });
  const reading = text(stream);
  await writeAll(stream, many(50), { slowMs: 10_000, signal: never });
  stream.end();
  expect((await reading).split('\n')).toHaveLength(51);
});

test('whoever does not read is let go, and nothing piles up for them', async () => {
  const stream = new PassThrough({ highWaterMark: 64 });
  const made: number[] = [];
  await writeAll(stream, many(1_000, made), { slowMs: 20, signal: never });
  expect(stream.destroyed).toBe(true);
  expect(made.length).toBeLessThan(10);
});

test('it ends with the signal, also while it waits for a reader', async () => {
  const stream = new PassThrough({ highWaterMark: 64 });
  const stop = new AbortController();
  const writing = writeAll(stream, many(1_000), { slowMs: 60_000, signal: stop.signal });
  stop.abort();
  await writing;
});
