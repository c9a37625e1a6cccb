import { percentile } from '../report/call-report.ts';
import type { LoadResult } from './run-load.ts';

/** Beyond this the emulator itself was too busy for its figures to count. */
const TRUSTED_LATENESS_MS = 20;

/** What `phone load` prints: one fact a line. */
export function loadTable(result: LoadResult): string {
  const { latenessMs, gapsMs, firstSoundMs, findings } = result;
  const lines: [string, string][] = [
    ['calls', `${result.calls} placed, ${result.answered} answered`],
    ['ended', listed(result.outcomes)],
    ['first sound after the answer', spread(firstSoundMs)],
    ['gap at the ear', spread(gapsMs)],
    ['caller not answered', `${result.unanswered} times`],
    ['gaps inside the agent’s speech', `${findings.get('underrun') ?? 0}`],
    ['findings', listed(findings)],
    [
      'emulator’s own lateness',
      `p50 ${latenessMs.p50} ms, p99 ${latenessMs.p99} ms, max ${latenessMs.max} ms`,
    ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const table = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
  if (latenessMs.p99 <= TRUSTED_LATENESS_MS) return table;
  return `${table}\nThe emulator could not keep up on this machine: place fewer calls.`;
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const [p50, p95, p99] = [50, 95, 99].map((rank) => percentile(values, rank));
  return `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms (${values.length})`;
}

function listed(counts: ReadonlyMap<string, number>): string {
  const entries = [...counts].sort(([, a], [, b]) => b - a);
  return entries.map(([name, count]) => `${count} × ${name}`).join(', ') || 'none';
}
