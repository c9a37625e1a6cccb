import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { env } from 'node:process';
import { findPiper, findWhisper } from '@earshot/local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { percentile } from '../report/call-report.ts';
import type { RecordedCall } from '../report/record-call.ts';
import { failures, picture, unanswered } from './call-words.ts';
import { StoryServer } from './story-server.ts';
import { wordErrors } from './word-errors.ts';

const SHARED = path.resolve(import.meta.dirname, '../../../../../shared');
const MODELS = path.resolve(env.MODELS_DIR || path.join(SHARED, 'models'));
const SPEECH = path.join(SHARED, 'speech');
const MOST_WORD_ERRORS = 0.2;
const LIMITS = { timeout: 240_000 };

const absent = [
  ...(findWhisper(MODELS, 'tiny.en') ? [] : [`a Whisper model in ${MODELS}`]),
  ...(findPiper(MODELS, 'en_US-joe-medium') ? [] : [`a Piper voice in ${MODELS}`]),
];
const speech = path.join(SPEECH, 'transcripts.json');
const recordingsAbsent = [...absent, ...(existsSync(speech) ? [] : [speech])];
const needs = (missing: readonly string[]) =>
  missing.length === 0 ? '' : ` (skipped: not here: ${missing.join(', ')})`;

// Calls take the time that calls take: both at once, unless one is named for figures of its own.
describe.skipIf(absent.length > 0).concurrent('Whisper and Piper', () => {
  let server: StoryServer;
  beforeAll(async () => {
    server = await StoryServer.open({ engines: 'real', modelsDir: MODELS });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test(
    `carry the demo's call to its end, Piper being the caller${needs(absent)}`,
    LIMITS,
    async () => {
      const call = await server.play('demo');
      expect(await server.printed()).toMatch(/Whisper tiny\.en[\s\S]*Piper/);
      expect(failures(call), picture(call)).toEqual([]);
      expect(
        call.report.turns.every(({ heard }) => heard !== ''),
        picture(call),
      ).toBe(true);
      await tellFigures('the demo, Piper as the caller', server, call);
    },
  );

  test.skipIf(recordingsAbsent.length > 0)(
    `understand people on the telephone, and answer each${needs(recordingsAbsent)}`,
    LIMITS,
    async () => {
      const recordings = readRecordings();
      const call = await server.ring(scenarioOf(recordings));
      expect(failures(call), picture(call)).toEqual([]);
      expect(unanswered(call), picture(call)).toEqual([]);
      const found = recordings.map(({ text }) => wordErrors(text, understoodOf(call, text)));
      const sum = (of: 'errors' | 'words') => found.reduce((total, one) => total + one[of], 0);
      const rate = sum('errors') / sum('words');
      console.log(`Word error rate over ${sum('words')} words: ${(rate * 100).toFixed(1)} %`);
      await tellFigures('human recordings', server, call);
      expect(rate, picture(call)).toBeLessThanOrEqual(MOST_WORD_ERRORS);
    },
  );
});

interface Recording {
  readonly file: string;
  readonly text: string;
}

function readRecordings(): readonly Recording[] {
  return JSON.parse(readFileSync(speech, 'utf8')).files;
}

function scenarioOf(recordings: readonly Recording[]): string {
  const answers = recordings.map(
    ({ file, text }) =>
      `  - answer: ${JSON.stringify({ wav: path.join(SPEECH, file), sayAs: text })}`,
  );
  return [
    'scenario: Human recordings',
    'limitMs: 220000',
    'steps:',
    ...answers,
    '  - wait: {for: agent-ends}',
    '  - hangUp',
    'expect: {outcome: caller-hung-up}',
  ].join('\n');
}

function understoodOf({ report }: RecordedCall, text: string): string {
  return (
    report.turns.find(({ speaker, said }) => speaker === 'caller' && said === text)?.heard ?? ''
  );
}

/** The call's times, for docs/performance.md. */
async function tellFigures(name: string, { base }: StoryServer, call: RecordedCall): Promise<void> {
  const { gap } = call.report;
  const response = await fetch(`${base}/calls/${call.recording.callSid}/events`);
  const timings = (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('data: {"type":"reply-timed"'))
    .map((line) => JSON.parse(line.slice('data: '.length)).timing);
  const median = (of: string) =>
    percentile(
      timings.map((timing) => timing[of]),
      50,
    );
  const heardMs = call.report.turns.map(({ speaker, startMs, endMs }) =>
    speaker === 'caller' ? endMs - startMs : 0,
  );
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const factor = total(timings.map((timing) => timing.recognizer_ms)) / total(heardMs);
  console.log(
    [
      `${name}: gap at the ear p50 ${gap.p50} ms, p95 ${gap.p95} ms`,
      `recognizer p50 ${median('recognizer_ms')} ms, real-time factor ${factor.toFixed(3)}`,
      `synthesizer to its first sound p50 ${median('synthesizer_ms')} ms`,
      `pause before the floor was taken p50 ${median('pause_ms')} ms`,
    ].join('; '),
  );
}
