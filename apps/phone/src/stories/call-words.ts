import type { RecordedCall } from '../report/record-call.ts';

/** What was understood of the caller, turn by turn. */
export function understood({ report }: RecordedCall): readonly string[] {
  return report.turns.flatMap(({ speaker, heard }) => (speaker === 'caller' ? heard : []));
}

/** All that the caller heard of the agent. */
export function agentSaid({ report }: RecordedCall): string {
  return report.turns
    .flatMap(({ speaker, heard }) => (speaker === 'agent' ? heard : []))
    .join(' / ');
}

/** The caller's turns after which the agent said nothing until the caller spoke again. */
export function unanswered({ report }: RecordedCall): readonly string[] {
  const { turns } = report;
  return turns.flatMap(({ speaker, said }, i) =>
    speaker === 'caller' && turns[i + 1]?.speaker !== 'agent' ? said : [],
  );
}

/** What was not as the scenario expects. */
export function failures({ checks }: RecordedCall): readonly string[] {
  return checks.flatMap(({ name, ok, detail }) => (ok ? [] : `${name}: ${detail}`));
}

/** The call for whoever reads a failed test. */
export function picture({ report }: RecordedCall): string {
  const turns = report.turns.map(
    ({ speaker, said, heard, startMs, gapMs, interrupted }) =>
      `${(startMs / 1_000).toFixed(1)} ${speaker}${interrupted ? ' (cut)' : ''} ${gapMs ?? ''}: ${speaker === 'caller' ? `${said} => ${heard}` : heard}`,
  );
  const findings = report.findings.map(({ code, text }) => `${code}: ${text}`);
  return [`ended: ${report.outcome}`, ...turns, ...findings].join('\n');
}
