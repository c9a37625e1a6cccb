import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setInterval } from 'node:timers/promises';
import type { Expectations, Scenario } from '../caller/scenario.ts';
import type { ScriptedCaller } from '../caller/scripted-caller.ts';
import type { CallObserver, Finding } from '../carrier/call-observer.ts';
import { CallRecorder, type Recording } from './call-recorder.ts';
import { type CallReport, reportOf } from './call-report.ts';
import { type Check, checkExpectations } from './expectations.ts';
import { explainFailure } from './explain-failure.ts';
import { type CallerDeeds, LiveTranscript } from './live-transcript.ts';
import { reportPage } from './page/page.ts';
import type { ServerApi } from './server-api.ts';
import { fetchTranscript, type ServerTranscript } from './server-transcript.ts';

/** The server is asked for the words of the call. */
export interface RecordedCallOptions extends ServerApi {
  readonly scenario: Scenario;
  readonly caller: ScriptedCaller;
  /** Places the call and resolves when it is over. */
  readonly place: (observer: CallObserver, signal: AbortSignal) => Promise<unknown>;
  /** Made if missing; gets `call.wav`, `report.json` and `report.html`. */
  readonly folder: string;
  /** Takes the transcript's lines while the call runs. */
  readonly write: (line: string) => void;
}

export interface RecordedCall {
  readonly report: CallReport;
  readonly checks: readonly Check[];
  readonly recording: Recording;
}

/** Longer calls are not carried along in their page: an hour of stereo is 115 MB. */
const EMBEDDED_MS = 10 * 60 * 1_000;
const LOOK_MS = 1_000;
// The report is written even where the call was stopped by hand, so the call's signal does not end this.
const LAST_WORDS_MS = 5_000;
const NOTHING_SPECIAL: Expectations = { agentSays: [] };
const WORDLESS: Finding = {
  code: 'no-transcript',
  level: 'note',
  text: 'the server does not tell the words of the call at /calls/{callSid}/transcript; once it has keys it needs one: EARSHOT_API_KEY',
  atMs: 0,
};

/** Nobody answered, nor meant to: there is nothing to record or to judge. The message says what to do. */
class NeverConnectedError extends Error {
  override readonly name = 'NeverConnectedError';
  readonly code = 'never-connected';
}

/**
 * Runs one call of a scenario, shows it while it runs, and leaves its recording and reports. Throws a
 * `NeverConnectedError` and writes nothing where the server cannot be reached, refuses the call or
 * has no TwiML for it.
 */
export async function recordCall(
  options: RecordedCallOptions,
  signal: AbortSignal,
): Promise<RecordedCall> {
  const { scenario, folder } = options;
  const date = new Date();
  await using recorder = new CallRecorder(path.join(folder, 'call.wav'));
  const transcript = new LiveTranscript(options.write);
  await placeAndFollow(options, recorder, transcript, signal);
  if (isUnconnected(recorder.recording))
    throw new NeverConnectedError(explainFailure(recorder.recording.findings, options.base));
  const recording = await recorder.finish();
  const report = reportSoFar(
    options,
    recording,
    await wordsOf(options, recording, AbortSignal.timeout(LAST_WORDS_MS)),
  );
  transcript.print(report, deedsOf(options, recording), Number.POSITIVE_INFINITY);
  const checks = checkExpectations(report, scenario.expect ?? NOTHING_SPECIAL);
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const page = await reportPage({
    title: scenario.scenario,
    date,
    report,
    recording,
    spoken: options.caller.spoken,
    checks,
    audio:
      recording.durationMs <= EMBEDDED_MS ? await readFile(path.join(folder, 'call.wav')) : null,
  });
  await writeFile(path.join(folder, 'report.html'), page);
  return { report, checks, recording };
}

/** Removes what a former call left in the folder: it would pass for that of a call that never comes about. */
export async function removeFormer(folder: string): Promise<void> {
  for (const name of ['call.wav', 'report.json', 'report.html'])
    await rm(path.join(folder, name), { force: true });
}

/** A call that TwiML rejects has come about. */
function isUnconnected({ callSid, outcome }: Recording): boolean {
  return callSid === null && (outcome.reason === 'failed' || outcome.reason === 'aborted');
}

async function placeAndFollow(
  options: RecordedCallOptions,
  recorder: CallRecorder,
  transcript: LiveTranscript,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const following = follow(options, recorder, transcript, AbortSignal.any([signal, over.signal]));
  try {
    await options.place(recorder, signal);
  } finally {
    over.abort();
    await following;
  }
}

/** Prints what is new once a second until the call is over. */
async function follow(
  options: RecordedCallOptions,
  recorder: CallRecorder,
  transcript: LiveTranscript,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const _ of setInterval(LOOK_MS, null, { signal })) {
      const { recording } = recorder;
      const report = reportSoFar(options, recording, await wordsOf(options, recording, signal));
      transcript.print(report, deedsOf(options, recording), recording.durationMs);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function deedsOf({ caller }: RecordedCallOptions, { digits }: Recording): CallerDeeds {
  return { spoken: caller.spoken, digits };
}

async function wordsOf(
  api: ServerApi,
  { callSid }: Recording,
  signal: AbortSignal,
): Promise<ServerTranscript | null> {
  return callSid === null ? null : fetchTranscript(api, callSid, signal);
}

function reportSoFar(
  { caller }: RecordedCallOptions,
  recording: Recording,
  transcript: ServerTranscript | null,
): CallReport {
  return reportOf({
    ...recording,
    outcome: recording.outcome.reason,
    spoken: caller.spoken,
    findings: [...recording.findings, ...caller.findings, ...(transcript ? [] : [WORDLESS])],
    transcript,
  });
}
