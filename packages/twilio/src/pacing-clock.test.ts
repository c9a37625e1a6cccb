import { expect, test } from 'vitest';
import { PacingClock, PERIOD_MS, type TimeSource } from './pacing-clock.ts';

/** Time that passes when told; wake-ups come late by a fixed amount, as timers do. */
class ManualTime implements TimeSource {
  #nowMs = 1000;
  #wakes: { call: () => void; atMs: number }[] = [];
  readonly #lateMs: number;

  constructor(lateMs = 0) {
    this.#lateMs = lateMs;
  }

  get sleepers(): number {
    return this.#wakes.length;
  }

  now(): number {
    return this.#nowMs;
  }

  wake(call: () => void, delayMs: number): () => void {
    const wake = { call, atMs: this.#nowMs + delayMs + this.#lateMs };
    this.#wakes.push(wake);
    return () => {
      this.#wakes = this.#wakes.filter((one) => one !== wake);
    };
  }

  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#wakes = this.#wakes.filter((one) => one !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
    this.#nowMs = untilMs;
  }

  /** The process is busy: time passes and no timer fires. */
  block(ms: number): void {
    this.#nowMs += ms;
  }

  #next(untilMs: number) {
    const due = this.#wakes.filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}

test('every line has its turn each period, and late timers do not add up', () => {
  const time = new ManualTime(7);
  using clock = new PacingClock(time);
  const turns: number[] = [];
  clock.join((nowMs) => turns.push(nowMs));
  time.pass(60_000 + 7);
  expect(turns.length).toBe(60_000 / PERIOD_MS);
  const first = turns[0] ?? 0;
  for (const [i, at] of turns.entries()) expect(at - first - i * PERIOD_MS).toBeLessThanOrEqual(10);
});

test('lines are spread over the period', () => {
  const time = new ManualTime();
  using clock = new PacingClock(time);
  const turns = new Map<number, number>();
  for (let line = 0; line < 12; line += 1)
    clock.join((nowMs) => turns.set(nowMs, (turns.get(nowMs) ?? 0) + 1));
  time.pass(PERIOD_MS);
  expect([...turns.values()]).toEqual([2, 2, 2, 2, 2, 2]);
});

test('periods that a busy process missed are skipped, with one turn for all', () => {
  const time = new ManualTime();
  using clock = new PacingClock(time);
  let turns = 0;
  clock.join(() => {
    turns += 1;
  });
  time.block(10 * PERIOD_MS);
  time.pass(0);
  expect(turns).toBe(1);
  time.pass(PERIOD_MS);
  expect(turns).toBe(2);
});

test('the timer stops with the last line and starts again with the next', () => {
  const time = new ManualTime();
  using clock = new PacingClock(time);
  expect(time.sleepers).toBe(0);
  const lines = [clock.join(() => {}), clock.join(() => {})];
  expect(time.sleepers).toBe(1);
  for (const line of lines) line[Symbol.dispose]();
  expect(time.sleepers).toBe(0);
  time.pass(1000);
  let turns = 0;
  clock.join(() => {
    turns += 1;
  });
  time.pass(PERIOD_MS);
  expect(turns).toBe(1);
});

test('a line may leave in its own turn', () => {
  const time = new ManualTime();
  using clock = new PacingClock(time);
  const line: Disposable = clock.join(() => line[Symbol.dispose]());
  time.pass(PERIOD_MS);
  expect(time.sleepers).toBe(0);
});

test('the real clock moves forward', () => {
  using clock = new PacingClock();
  expect(clock.now()).toBeLessThanOrEqual(clock.now());
});
