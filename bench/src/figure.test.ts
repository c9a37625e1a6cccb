import { expect, test } from 'vitest';
import { beside, figure, table } from './figure.ts';

test('a figure says what it is beside, and how much of it it is', () => {
  const { against, ratio } = beside('bridge.calls_per_core', 410, 'calls', 'pipecat', 68);
  expect(against).toBe('pipecat: 68');
  expect(ratio).toBe(6.03);
});

test('decibels have no ratio', () => {
  expect(beside('resampler.snr_db', 90, 'dB', 'other', 45).ratio).toBeNull();
});

test('a table has a line for each figure, columns aligned', () => {
  const figures = [figure('a.long_name', 1.23456, 'µs'), beside('b', 2, 'ms', 'other', 4)];
  expect(table(figures).split('\n')).toEqual([
    'figure       value    against   ratio',
    '-----------  -------  --------  -----',
    'a.long_name  1.23 µs',
    'b            2 ms     other: 4  × 0.5',
  ]);
});
