import type { Expectations } from '../caller/scenario.ts';
import type { CallReport } from './call-report.ts';

/** One thing that was expected of a call. `detail` says what was found, fit to stand alone. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** An agent that goes on for longer over a barge-in has not gone silent for it. */
const SILENT_WITHIN_MS = 1_500;

const BROKEN = new Set<CallReport['outcome']>(['failed', 'rejected', 'aborted', 'time-limit']);

/** Holds a report against what its scenario expects, and every call against what goes without saying. */
export function checkExpectations(report: CallReport, expected: Expectations): readonly Check[] {
  const agentTurns = report.turns.filter(({ speaker }) => speaker === 'agent');
  const said = agentTurns.map(({ heard }) => heard);
  const silenced = report.bargeIns.filter(({ silentAfterMs }) => silentAfterMs <= SILENT_WITHIN_MS);
  const leftAlone = report.backchannels.filter(({ yielded }) => !yielded);
  return [
    ...atLeast('turns with audio', report.turns.length, expected.turns),
    ...atLeast('barge-ins that silenced the agent', silenced.length, expected.bargeIns),
    ...atLeast('backchannels that did not interrupt', leftAlone.length, expected.backchannels),
    ...atMost(
      'interruptions by the agent',
      report.agentInterruptions.length,
      expected.agentInterruptions,
    ),
    ...expected.agentSays.map((pattern) => says(`the agent says /${pattern}/`, pattern, said)),
    ...(expected.farewell ? [says('a farewell', expected.farewell, said.slice(-1))] : []),
    ...(expected.messages ?? []).map((message) => taken(report, message)),
    ...(expected.outcome ? [isOutcome(report, expected.outcome)] : []),
    wentThrough(report),
    noErrors(report),
  ];
}

function atLeast(name: string, found: number, wanted: number | undefined): Check[] {
  if (wanted === undefined) return [];
  return [{ name, ok: found >= wanted, detail: `${found}, at least ${wanted} wanted` }];
}

function atMost(name: string, found: number, allowed: number | undefined): Check[] {
  if (allowed === undefined) return [];
  return [{ name, ok: found <= allowed, detail: `${found}, at most ${allowed} allowed` }];
}

function says(name: string, pattern: string, heard: readonly string[]): Check {
  const ok = heard.some((words) => new RegExp(pattern, 'i').test(words));
  return { name, ok, detail: ok ? 'heard' : `not in what was heard: "${heard.join(' / ')}"` };
}

function taken(report: CallReport, wanted: { name: string; number: string }): Check {
  const name = `a message from ${wanted.name}, ${wanted.number}`;
  const ok = report.messages.some(
    (message) =>
      plain(message.name) === plain(wanted.name) &&
      digits(message.number) === digits(wanted.number),
  );
  const found = report.messages.map((message) => `${message.name}, ${message.number}`).join('; ');
  return { name, ok, detail: found === '' ? 'no message was taken' : `taken: ${found}` };
}

function isOutcome(report: CallReport, wanted: string): Check {
  return {
    name: 'the outcome',
    ok: report.outcome === wanted,
    detail: `${report.outcome}, ${wanted} wanted`,
  };
}

function wentThrough({ outcome }: CallReport): Check {
  return { name: 'the call went through', ok: !BROKEN.has(outcome), detail: outcome };
}

function noErrors(report: CallReport): Check {
  const errors = report.findings.filter(({ level }) => level === 'error');
  const detail = errors.map(({ code, text }) => `${code}: ${text}`).join('; ');
  return { name: 'no errors found', ok: errors.length === 0, detail: detail || 'none' };
}

function plain(name: string | null | undefined): string {
  return (name ?? '')
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .trim();
}

function digits(number: string | null | undefined): string {
  return (number ?? '').replace(/\D/g, '');
}
