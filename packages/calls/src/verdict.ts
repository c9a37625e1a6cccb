import type { CallPlan } from './call.ts';
import { type Outcome, outcome, type Reason } from './outcome.ts';
import type { CallProgress, Terminal } from './progress.ts';
import type { MediaEnding } from './report.ts';

const REASON_OF_STATUS: Readonly<Record<Exclude<Terminal, 'completed'>, Reason>> = {
  busy: 'busy',
  'no-answer': 'no-answer',
  canceled: 'canceled',
  failed: 'carrier-failed',
};

/** Endings after which nothing more comes. After the others the carrier may bring the call back. */
const REASON_OF_ENDING: Partial<Record<MediaEnding, Reason>> = {
  'caller-hung-up': 'completed',
  'agent-hung-up': 'completed',
  'max-duration': 'max-duration',
};

type Plan = Pick<CallPlan, 'machineDetection'>;

/** How the call has ended, by what is known of it; null while it goes on. */
export function verdictOf(plan: Plan, progress: CallProgress): Outcome | null {
  if (progress.terminatedAtMs !== null)
    return outcome(progress.answeredAtMs === null ? 'canceled' : 'terminated');
  if (plan.machineDetection === 'hang-up' && isMachine(progress)) return outcome('voicemail');
  const ending = lastEnding(progress);
  const reason = ending && REASON_OF_ENDING[ending];
  if (reason) return outcome(reason);
  const { terminal } = progress;
  if (terminal === null || (terminal.status === 'completed' && streamLives(progress))) return null;
  return finalVerdict(progress, terminal.status);
}

/** What a call that the carrier has ended comes to, when nothing more is told of its audio. */
export function finalVerdict(progress: CallProgress, status: Terminal): Outcome {
  if (status !== 'completed') return outcome(REASON_OF_STATUS[status]);
  const ending = lastEnding(progress);
  if (ending === 'transferring') return outcome('transferred');
  return outcome(ending === 'agent-lost' ? 'agent-lost' : 'completed');
}

/** The newest stream of the call's audio has started and not ended. */
export function streamLives({ streams }: CallProgress): boolean {
  const last = streams.at(-1);
  return last?.started === true && last.ending === null;
}

export function lastEnding({ streams }: CallProgress): MediaEnding | null {
  return streams.at(-1)?.ending ?? null;
}

function isMachine({ answeredBy }: CallProgress): boolean {
  return answeredBy === 'machine' || answeredBy === 'fax';
}
