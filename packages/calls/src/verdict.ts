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

/** What it comes to when a stream ended thus and no other one followed. */
const REASON_OF_LOSS: Partial<Record<MediaEnding, Reason>> = {
  'caller-hung-up': 'completed',
  'agent-lost': 'agent-lost',
  moved: 'server-lost',
};

/** After more losses than this the call is taken to have ended for its line. */
const MOST_RETURNS = 2;

type Plan = Pick<CallPlan, 'machineDetection'>;

/**
 * How the call has ended, by what is known of it; null while it goes on, and while the carrier says
 * no more than `completed`: whoever holds the audio may know better.
 */
export function verdictOf(plan: Plan, progress: CallProgress): Outcome | null {
  const { terminal } = progress;
  if (terminal && terminal.status !== 'completed') return finalVerdict(progress, terminal.status);
  if (progress.terminatedAtMs !== null)
    return outcome(wasAnswered(progress) ? 'terminated' : 'canceled');
  if (plan.machineDetection === 'hang-up' && isMachine(progress)) return outcome('voicemail');
  const ending = lastEnding(progress);
  // Carriers say alike that the caller has hung up and that no more than the stream has ended.
  if (ending === 'caller-hung-up' && terminal === null) return null;
  const reason = ending && REASON_OF_ENDING[ending];
  return reason ? outcome(reason) : null;
}

/** What a call that the carrier has ended comes to, when nothing more is told of its audio. */
export function finalVerdict(progress: CallProgress, status: Terminal): Outcome {
  if (status !== 'completed') return outcome(REASON_OF_STATUS[status]);
  const ending = lastEnding(progress);
  if (ending === 'transferring') return outcome('transferred');
  // A caller who is gone before a lost stream is back has probably hung up: their line may be why it was lost.
  if (ending === 'line-lost' && lossesOf(progress) <= MOST_RETURNS) return outcome('completed');
  return ending && REASON_OF_ENDING[ending] === undefined
    ? lossVerdict(ending)
    : outcome('completed');
}

function lossesOf({ streams }: CallProgress): number {
  return streams.filter(({ ending }) => ending === 'line-lost' || ending === 'agent-lost').length;
}

/** What a call whose audio stopped thus, and did not come back, comes to. */
export function lossVerdict(ending: MediaEnding): Outcome {
  return outcome(REASON_OF_LOSS[ending] ?? 'line-lost');
}

export function lastEnding({ streams }: CallProgress): MediaEnding | null {
  return streams.at(-1)?.ending ?? null;
}

/** The newest stream of the call's audio has started and not ended. */
export function streamLives({ streams }: CallProgress): boolean {
  const last = streams.at(-1);
  return last?.started === true && last.ending === null;
}

/** `completed` is said of answered calls only. */
export function wasAnswered({ answeredAtMs, terminal }: CallProgress): boolean {
  return answeredAtMs !== null || terminal?.status === 'completed';
}

function isMachine({ answeredBy }: CallProgress): boolean {
  return answeredBy === 'machine' || answeredBy === 'fax';
}
