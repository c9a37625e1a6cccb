import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { CallReport } from './call-report.ts';
import { LiveTranscript } from './live-transcript.ts';

const REPORT: CallReport = {
  outcome: 'caller-hung-up',
  turns: [
    {
      speaker: 'agent',
      said: 'What is your number?',
      heard: 'What is your number?',
      startMs: 400,
      endMs: 1_400,
      gapMs: null,
      interrupted: false,
    },
  ],
  bargeIns: [],
  backchannels: [],
  agentInterruptions: [],
  messages: [],
  findings: [],
  gap: { p50: null, p95: null },
};

const keys = (pressed: string, fromMs: number) =>
  [...pressed].map((digit, i) => ({ digit, atMs: fromMs + 200 * i }));

test('keys are shown as pressed, those of one number in one line, once no more can follow', () => {
  const lines: string[] = [];
  const transcript = new LiveTranscript((line) => lines.push(stripVTControlCharacters(line)));
  const first = keys('555', 2_000);
  transcript.print(REPORT, { spoken: [], digits: first }, 3_300);
  expect(lines).toMatchObject([expect.stringContaining('What is your number?')]);
  const digits = [...first, ...keys('0142#', 3_000), ...keys('1', 9_000)];
  transcript.print(REPORT, { spoken: [], digits }, Number.POSITIVE_INFINITY);
  expect(lines.slice(1)).toMatchObject([
    expect.stringMatching(/0:02\.0 {2}caller +\[keys 5550142#\]$/),
    expect.stringMatching(/0:09\.0 {2}caller +\[keys 1\]$/),
  ]);
});
