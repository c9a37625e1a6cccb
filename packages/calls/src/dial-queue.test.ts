import { expect, test } from 'vitest';
import { VirtualClock } from './contracts/virtual-clock.fake.ts';
import { DialQueue } from './dial-queue.ts';

const never = new AbortController().signal;

/** A queue, and when who went, in milliseconds since its start. */
function stage(options: { callsPerSecond?: number; mostWaiting?: number } = {}) {
  const clock = new VirtualClock();
  const startMs = clock.now();
  const queue = new DialQueue({ clock, ...options });
  const went: [string, number][] = [];
  const join = (name: string, signal = never) =>
    queue.turn(signal).then(
      () => went.push([name, clock.now() - startMs]),
      (error: unknown) => went.push([`${name}: ${error}`, clock.now() - startMs]),
    );
  return { clock, queue, went, join };
}

test('calls are dialled one a second, and who came first goes first', async () => {
  const { clock, went, join } = stage();
  for (const name of ['a', 'b', 'c']) void join(name);
  await clock.pass(2500);
  void join('d');
  await clock.pass(5000);
  void join('e');
  void join('f');
  await clock.pass(1000);
  expect(went).toEqual([
    ['a', 0],
    ['b', 1000],
    ['c', 2000],
    ['d', 3000],
    ['e', 7500],
    ['f', 8500],
  ]);
});

test('as many a second as the carrier takes', async () => {
  const { clock, went, join } = stage({ callsPerSecond: 4 });
  for (const name of ['a', 'b', 'c']) void join(name);
  await clock.pass(1000);
  expect(went.map(([, atMs]) => atMs)).toEqual([0, 250, 500]);
});

test('no two calls are dialled within a second, however they come', async () => {
  const { clock, went, join } = stage();
  for (let i = 0; i < 40; i += 1) {
    void join(`${i}`);
    await clock.pass((i * 7919) % 1700);
  }
  await clock.pass(60_000);
  const moments = went.map(([, atMs]) => atMs);
  expect(moments).toHaveLength(40);
  expect(moments.slice(1).every((atMs, i) => atMs - (moments[i] ?? 0) >= 1000)).toBe(true);
});

test('of more than may wait the next is refused, and may come again', async () => {
  const { clock, queue, went, join } = stage({ mostWaiting: 2 });
  for (const name of ['a', 'b', 'c']) void join(name);
  await expect(queue.turn(never)).rejects.toMatchObject({ code: 'queue-full', retryable: true });
  expect(queue.waiting).toBe(2);
  await clock.pass(1000);
  void join('d');
  await clock.pass(5000);
  expect(went.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd']);
});

test('who gives up leaves its place to the next, and nothing runs on', async () => {
  const { clock, queue, went, join } = stage();
  const gone = new AbortController();
  void join('a');
  void join('b', gone.signal);
  void join('c');
  gone.abort(new Error('gone'));
  await clock.pass(1500);
  expect(went).toEqual([
    ['a', 0],
    ['b: Error: gone', 0],
    ['c', 1000],
  ]);
  const last = new AbortController();
  void join('d', last.signal);
  last.abort(new Error('gone'));
  await expect(clock.until(() => went.length === 5)).rejects.toThrow('never');
  expect(queue.waiting).toBe(0);
  await expect(queue.turn(last.signal)).rejects.toThrow('gone');
});

test('giving up after one’s turn has no effect', async () => {
  const { clock, went, join } = stage();
  const late = new AbortController();
  await join('a', late.signal);
  void join('b');
  late.abort();
  await clock.pass(1000);
  expect(went).toEqual([
    ['a', 0],
    ['b', 1000],
  ]);
});

test('a clock that is set back holds nobody up', async () => {
  const clock = new VirtualClock();
  let offsetMs = 0;
  const queue = new DialQueue({
    clock: { now: () => clock.now() + offsetMs, after: clock.after.bind(clock) },
  });
  await queue.turn(never);
  offsetMs = -3_600_000;
  let gone = false;
  void queue.turn(never).then(() => {
    gone = true;
  });
  await clock.pass(1000);
  expect(gone).toBe(true);
});

test.each([0, -1, Number.NaN])('%d calls per second are none', (callsPerSecond) => {
  expect(() => stage({ callsPerSecond })).toThrow(RangeError);
});
