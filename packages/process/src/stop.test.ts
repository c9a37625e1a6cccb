import { beforeEach, expect, test } from 'vitest';
import { StopSignals } from './stop.ts';

let nowMs: number;
let signals: StopSignals;
beforeEach(() => {
  nowMs = 1_000;
  signals = new StopSignals(() => nowMs);
  expect(signals.told('SIGINT')).toBe('first');
});

test('a signal that comes twice within half a second is one', () => {
  nowMs += 3;
  expect(signals.told('SIGINT')).toBe('same');
  nowMs += 496;
  expect(signals.told('SIGINT')).toBe('same');
});

test('one that comes later wants the end at once', () => {
  nowMs += 500;
  expect(signals.told('SIGINT')).toBe('again');
});

test('another signal wants the end at once, however soon it comes', () => {
  nowMs += 3;
  expect(signals.told('SIGTERM')).toBe('again');
});
