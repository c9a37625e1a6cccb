import { expect, test } from 'vitest';
import { reportOf } from '../call-report.ts';
import { clockTime, shortTime } from './clock-time.ts';
import { reportPage } from './page.ts';
import type { PageContent } from './page-content.ts';

const spoken = [
  { kind: 'turn', said: '<script>alert("caller")</script>', startMs: 1_000, endMs: 2_000 },
  { kind: 'backchannel', said: 'mm-hm', startMs: 3_000, endMs: 3_300 },
] as const;

const content: PageContent = {
  title: 'A & B',
  date: new Date('2026-11-21T10:00:00Z'),
  spoken,
  report: reportOf({
    outcome: 'agent-hung-up',
    spoken,
    agentStretches: [{ startMs: 2_640, endMs: 4_000 }],
    clears: [],
    streamStartedMs: 0,
    findings: [{ code: '31951', level: 'warning', text: 'extra field "x"', atMs: 2_000 }],
    transcript: {
      turns: [
        {
          speaker: 'agent',
          said: 'Good morning, how can I help?',
          heard: 'Good morning,',
          startMs: 2_600,
          endMs: 4_000,
          interrupted: true,
        },
      ],
      messages: [{ name: 'Mary <b>', number: '5550142' }],
      tools: [],
    },
  }),
  recording: {
    durationMs: 5_000,
    peaks: { caller: new Array(250).fill(0.1), agent: new Array(250).fill(0.2) },
    digits: [{ atMs: 4_500, digit: '7' }],
    outcome: { reason: 'agent-hung-up', detail: '' },
  },
  checks: [{ name: 'turns', ok: false, detail: 'too few' }],
  audio: Uint8Array.of(82, 73, 70, 70),
};

test('the page needs no other file and no network', async () => {
  const page = await reportPage(content);
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  expect(page).not.toMatch(/https?:\/\//);
  expect(page).toContain('data:audio/wav;base64,UklGRg==');
});

test('words of callers, agents and servers are shown, never run', async () => {
  const page = await reportPage(content);
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&#60;script&#62;alert');
  expect(page).toContain('Mary &#60;b&#62;');
  expect(page).toContain('<title>A &#38; B');
});

test('what was meant but not heard is struck through', async () => {
  expect(await reportPage(content)).toContain('Good morning,<del> how can I help?</del>');
});

test('the picture has the gap, the murmur, the key and the failed check', async () => {
  const page = await reportPage(content);
  for (const text of ['640 ms', 'mm-hm', 'key 7', '1 of 1 checks failed', '31951']) {
    expect(page).toContain(text);
  }
});

test('a call too long to carry along is not embedded', async () => {
  expect(await reportPage({ ...content, audio: null })).not.toContain('<audio');
});

test('a call without a sound has a page', async () => {
  const report = reportOf({
    outcome: 'failed',
    spoken: [],
    agentStretches: [],
    clears: [],
    streamStartedMs: 0,
    findings: [],
    transcript: null,
  });
  const recording = {
    durationMs: 0,
    peaks: { caller: [], agent: [] },
    digits: [],
    outcome: { reason: 'failed', detail: 'no TwiML' },
  } as const;
  const page = await reportPage({ ...content, spoken: [], checks: [], report, recording });
  expect(page).toContain('no TwiML');
  expect(page).not.toContain('NaN');
});

test.each([
  [0, '0:00.0'],
  [83_400, '1:23.4'],
  [59_960, '1:00.0'],
])('%d ms is %s on the clock', (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

test('gaps read short', () => {
  expect([shortTime(640.4), shortTime(1_840), shortTime(-300)]).toEqual([
    '640 ms',
    '1.8 s',
    '-300 ms',
  ]);
});
