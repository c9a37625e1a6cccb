import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameClock, Lateness } from './frame-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('ten minutes have exactly 30,000 ticks', () => {
  const clock = new FrameClock();
  let ticks = 0;
  using _joined = clock.join(() => {
    ticks += 1;
  });
  vi.advanceTimersByTime(600_000);
  expect(ticks).toBeGreaterThanOrEqual(29_999);
  expect(ticks).toBeLessThanOrEqual(30_000);
});

test('calls are spread over the 20 ms, each ticking once in it', () => {
  const clock = new FrameClock();
  const ticks: number[][] = Array.from({ length: 20 }, () => []);
  for (const times of ticks) clock.join(() => times.push(performance.now()));
  vi.advanceTimersByTime(200);
  for (const times of ticks) {
    expect(times.length).toBe(10);
    expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) === 20)).toBe(true);
  }
  expect(new Set(ticks.map(([first = 0]) => first % 20)).size).toBe(10);
});

test('ticks that a busy process missed are made up', () => {
  const clock = new FrameClock();
  let ticks = 0;
  using _joined = clock.join(() => {
    ticks += 1;
    if (ticks === 1) stall(500);
  });
  vi.advanceTimersByTime(1_000);
  expect(ticks).toBe(75);
  expect(clock.lateness.percentileMs(1)).toBeGreaterThan(400);
});

test('a suspended machine does not make up for hours', () => {
  const clock = new FrameClock();
  let ticks = 0;
  using _joined = clock.join(() => {
    ticks += 1;
    if (ticks === 1) stall(3_600_000);
  });
  vi.advanceTimersByTime(1_000);
  expect(ticks).toBeLessThan(60);
});

test('holds no timer when nobody listens, and starts again', () => {
  const clock = new FrameClock();
  let ticks = 0;
  const join = () => clock.join(() => (ticks += 1));
  join()[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
  const again = join();
  vi.advanceTimersByTime(100);
  expect(ticks).toBe(5);
  again[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
});

test('lateness is known by its percentiles', () => {
  const lateness = new Lateness();
  expect(lateness.percentileMs(0.5)).toBe(0);
  for (let ms = 0; ms < 100; ms += 1) lateness.add(ms);
  lateness.add(1e9);
  expect(lateness.percentileMs(0.5)).toBeCloseTo(50.1);
  expect(lateness.percentileMs(0.99)).toBeCloseTo(99.1);
  expect(lateness.percentileMs(1)).toBe(1000);
});

/** Time passes while the process is busy and no timer of the clock can fire. */
function stall(ms: number): void {
  vi.advanceTimersByTime(ms);
}
