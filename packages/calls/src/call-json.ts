import { type Call, type CallPlan, type MachineDetection, statusOf } from './call.ts';
import type { StoredMessage } from './call-store.ts';

/** How users of the API spell it. */
export const SPELLED_DETECTION = {
  off: 'off',
  report: 'report',
  'hang-up': 'hang_up',
} as const satisfies Readonly<Record<MachineDetection, string>>;

/** A call as users are told of it, by the API and by webhooks. JSON; moments in ISO 8601. */
export function callJson(call: Call) {
  const { id, direction, to, from, outcome, answeredAtMs, endedAtMs } = call;
  const talked = answeredAtMs !== null && endedAtMs !== null;
  return {
    call_id: id,
    workflow_id: id,
    run_id: id,
    /** The other party's. */
    phone_number: direction === 'outbound' ? to : from,
    status: statusOf(call),
    direction,
    from,
    to,
    phase: call.phase,
    outcome: outcome && { blame: outcome.blame, reason: outcome.reason },
    call_sid: call.carrierCallId,
    created_at: isoTime(call.createdAtMs),
    ringing_at: isoTimeOrNull(call.ringingAtMs),
    /** When it was answered. */
    started_at: isoTimeOrNull(answeredAtMs),
    answered_by: call.answeredBy,
    ended_at: isoTimeOrNull(endedAtMs),
    duration_seconds: talked ? Math.max(0, endedAtMs - answeredAtMs) / 1_000 : null,
    metadata: { ...call.metadata },
    call_config: configJson(call),
  };
}

function configJson(plan: CallPlan) {
  return {
    call_id: plan.id,
    greeting: plan.greeting,
    system_prompt: plan.systemPrompt,
    vad_config: plan.vadConfig && { ...plan.vadConfig },
    max_duration_seconds: plan.maxDurationMs / 1_000,
    ring_timeout_seconds: plan.ringTimeoutMs / 1_000,
    receptionist_id: plan.receptionistId,
    agent: plan.agent,
    machine_detection: SPELLED_DETECTION[plan.machineDetection],
    record: plan.record,
  };
}

export function messageJson({ name, number, text, takenAtMs }: StoredMessage) {
  return { name, number, message: text, taken_at: isoTime(takenAtMs) };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function isoTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
