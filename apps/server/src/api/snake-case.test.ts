import { expect, test } from 'vitest';
import { snakeCase } from './snake-case.ts';

test('names are spelled as the API has them, and milliseconds are whole', () => {
  const timing = { pauseMs: 4025.6875, recognizerQueuedMs: 0.046787 };
  expect(snakeCase({ timing, streamMs: 1.75, droppedPercent: 0.5, atMs: null })).toEqual({
    timing: { pause_ms: 4026, recognizer_queued_ms: 0 },
    stream_ms: 2,
    dropped_percent: 0.5,
    at_ms: null,
  });
});

test('what is of users and tools stays as it is', () => {
  const call = { name: 'takeMessage', arguments: { waitedMs: 1.5 } };
  expect(snakeCase({ call, result: 0.5 })).toEqual({ call, result: 0.5 });
});
