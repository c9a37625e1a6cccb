import { expect, test } from 'vitest';
import { turnView } from './call-view.ts';

test('a turn is told in whole milliseconds', () => {
  const [startedAtMs, endedAtMs, heardMs] = [1_000, 5_000, 4_024];
  const kept = { index: 0, speaker: 'agent', text: 'Hello.', interrupted: false } as const;
  const turn = { ...kept, startedAtMs, endedAtMs, heardMs, confidence: null };
  const spoken = { said: 'Hello.', startMs: 1.75, endMs: 4025.6875 };
  expect(turnView(turn, spoken)).toMatchObject({ start_ms: 2, end_ms: 4026, heard_ms: 4024 });
});
