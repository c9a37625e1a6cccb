import type { Outcome, Reason } from './outcome.ts';

export type Direction = 'inbound' | 'outbound';

/** Where a call is in its life. It only goes forward; `answered` may be skipped, `ended` never. */
export const PHASES = ['queued', 'ringing', 'answered', 'ended'] as const;
export type Phase = (typeof PHASES)[number];

/** What was ordered of one call, and never changes. */
export interface CallPlan {
  /** Ours: 'call-' and a UUID. An inbound call's is made of the carrier's id. */
  readonly id: string;
  readonly direction: Direction;
  /** E.164; of an inbound call as the carrier says it, which may be no number at all. */
  readonly to: string;
  readonly from: string;
  readonly receptionistId: string | null;
  /** Words said first; null: the receptionist's own. */
  readonly greeting: string | null;
  readonly systemPrompt: string | null;
  readonly maxDurationMs: number;
  /** How long it may ring. */
  readonly ringTimeoutMs: number;
  readonly machineDetection: MachineDetection;
  readonly record: boolean;
  /** As given to the API; not interpreted by us. */
  readonly vadConfig: Readonly<Record<string, unknown>> | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** 'cascade', or the name of another agent; null: the default. */
  readonly agent: string | null;
}

/** `hang-up` ends the call when a machine answers. */
export type MachineDetection = 'off' | 'report' | 'hang-up';

export type AnsweredBy = 'human' | 'machine' | 'fax' | 'unknown';

/** A call as it stands. Moments are milliseconds since 1970; null: not (yet). */
export interface Call extends CallPlan {
  readonly createdAtMs: number;
  readonly phase: Phase;
  /** The carrier's id. */
  readonly carrierCallId: string | null;
  /** We are about to dial, or have dialled: from here on it may ring. */
  readonly dialledAtMs: number | null;
  readonly ringingAtMs: number | null;
  readonly answeredAtMs: number | null;
  readonly answeredBy: AnsweredBy | null;
  readonly endedAtMs: number | null;
  /** Set exactly when the phase is `ended`. */
  readonly outcome: Outcome | null;
}

/** Names of a call's state as users of the API know them. */
export const STATUSES = [
  'initiated',
  'ringing',
  'in_progress',
  'completed',
  'failed',
  'no_answer',
  'busy',
  'canceled',
] as const;
export type Status = (typeof STATUSES)[number];

const STATUS_OF_PHASE = {
  queued: 'initiated',
  ringing: 'ringing',
  answered: 'in_progress',
} as const satisfies Readonly<Record<Exclude<Phase, 'ended'>, Status>>;

const STATUS_OF_REASON: Partial<Record<Reason, Status>> = {
  completed: 'completed',
  'max-duration': 'completed',
  terminated: 'completed',
  transferred: 'completed',
  voicemail: 'completed',
  canceled: 'canceled',
  busy: 'busy',
  'no-answer': 'no_answer',
};

export function statusOf({ phase, outcome }: Pick<Call, 'phase' | 'outcome'>): Status {
  if (phase !== 'ended') return STATUS_OF_PHASE[phase];
  return (outcome && STATUS_OF_REASON[outcome.reason]) ?? 'failed';
}
