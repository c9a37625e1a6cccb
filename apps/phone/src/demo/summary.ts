import path from 'node:path';
import { styleText } from 'node:util';
import type { RecordedCall } from '../report/record-call.ts';

/** What a call came to, for the terminal. */
export function summary({ report, checks, recording }: RecordedCall, folder: string): string {
  const time = (ms: number | null): string => (ms === null ? '–' : `${ms} ms`);
  const findings = report.findings.map(
    ({ level, code, text }) => `  ${level.padEnd(8)} ${code}: ${text}`,
  );
  const verdicts = checks.map(
    ({ name, ok, detail }) =>
      `  ${ok ? styleText('green', 'yes') : styleText('red', 'no ')}  ${name}: ${detail}`,
  );
  return [
    '',
    `${report.turns.length} turns in ${Math.round(recording.durationMs / 1_000)} s, ${report.outcome.replaceAll('-', ' ')}${recording.outcome.detail ? ` (${recording.outcome.detail})` : ''}`,
    `gap at the caller’s ear: p50 ${time(report.gap.p50)}, p95 ${time(report.gap.p95)}`,
    ...report.bargeIns.map(({ silentAfterMs }) => `barge-in: silent after ${time(silentAfterMs)}`),
    ...section(
      'messages',
      report.messages.map((message) => `  ${JSON.stringify(message)}`),
    ),
    ...section('findings', findings),
    ...section('expected', verdicts),
    '',
    ...['call.wav', 'report.json', 'report.html'].map((file) =>
      path.relative(process.cwd(), path.join(folder, file)),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}
