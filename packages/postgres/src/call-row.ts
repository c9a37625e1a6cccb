import { type Call, type CallPlan, outcome, REASONS, type Reason, statusOf } from '@earshot/calls';
import type { calls } from './schema.ts';

type Row = typeof calls.$inferSelect;

export function rowOf(
  plan: CallPlan,
  createdAtMs: number,
  carrierCallId: string | null,
  host: string | null,
) {
  const { from, to, ...rest } = plan;
  const outbound = plan.direction === 'outbound';
  return {
    ...rest,
    phoneNumber: outbound ? to : from,
    ownNumber: outbound ? from : to,
    host,
    phase: 'queued',
    status: statusOf({ phase: 'queued', outcome: null }),
    callSid: carrierCallId,
    startedAt: createdAtMs,
  } satisfies typeof calls.$inferInsert;
}

export function callOf(row: Row): Call {
  const outbound = row.direction === 'outbound';
  return {
    id: row.id,
    direction: row.direction,
    to: outbound ? row.phoneNumber : row.ownNumber,
    from: outbound ? row.ownNumber : row.phoneNumber,
    receptionistId: row.receptionistId,
    greeting: row.greeting,
    systemPrompt: row.systemPrompt,
    maxDurationMs: row.maxDurationMs,
    ringTimeoutMs: row.ringTimeoutMs,
    machineDetection: row.machineDetection,
    record: row.record,
    vadConfig: row.vadConfig as CallPlan['vadConfig'],
    metadata: row.metadata as CallPlan['metadata'],
    agent: row.agent,
    createdAtMs: row.startedAt,
    phase: row.phase,
    carrierCallId: row.callSid,
    dialledAtMs: row.dialledAt,
    ringingAtMs: row.ringingAt,
    answeredAtMs: row.answeredAt,
    answeredBy: row.answeredBy,
    endedAtMs: row.endedAt,
    outcome: row.reason === null ? null : outcome(reasonOf(row.reason)),
  };
}

/** A reason that this version does not know, of a row written by another one. */
function reasonOf(text: string): Reason {
  return Object.hasOwn(REASONS, text) ? (text as Reason) : 'internal-error';
}
