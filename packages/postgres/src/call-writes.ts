import { type CallProgressNote, type Outcome, statusOf } from '@earshot/calls';
import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from './database.ts';
import { calls } from './schema.ts';

export async function createCall(
  tx: Transaction,
  row: typeof calls.$inferInsert,
): Promise<boolean> {
  const made = await tx.insert(calls).values(row).onConflictDoNothing().returning({ id: calls.id });
  return made.length > 0;
}

/** What is known stays: phases only grow, and the rest is filled where it is empty. */
export async function noteCall(
  tx: Transaction,
  callId: string,
  note: CallProgressNote,
): Promise<void> {
  const phase = sql`greatest(${calls.phase}, ${note.phase ?? 'queued'}::call_phase)`;
  const noted: Partial<Record<keyof typeof calls.$inferInsert, SQL>> = {
    phase,
    status: sql`case ${phase}
      when 'queued' then 'initiated' when 'ringing' then 'ringing'
      when 'answered' then 'in_progress' else ${calls.status} end`,
  };
  const { carrierCallId, dialledAtMs, ringingAtMs, answeredAtMs, answeredBy } = note;
  if (dialledAtMs !== undefined) noted.dialledAt = kept('dialledAt', dialledAtMs);
  if (ringingAtMs !== undefined) noted.ringingAt = kept('ringingAt', ringingAtMs);
  if (answeredAtMs !== undefined) noted.answeredAt = kept('answeredAt', answeredAtMs);
  if (answeredBy !== undefined) noted.answeredBy = kept('answeredBy', answeredBy);
  if (carrierCallId !== undefined) noted.callSid = ownCallSid(callId, carrierCallId);
  await tx.update(calls).set(noted).where(eq(calls.id, callId));
}

export async function settleCall(
  tx: Transaction,
  callId: string,
  outcome: Outcome,
  endedAtMs: number,
): Promise<boolean> {
  const ended = sql`${sql.param(endedAtMs, calls.endedAt)}::timestamptz`;
  const settled = await tx
    .update(calls)
    .set({
      phase: 'ended',
      status: statusOf({ phase: 'ended', outcome }),
      endedAt: endedAtMs,
      durationSeconds: sql`coalesce(
        round(greatest(0, extract(epoch from ${ended} - ${calls.answeredAt}))), 0)`,
      blame: outcome.blame,
      reason: outcome.reason,
    })
    .where(and(eq(calls.id, callId), ne(calls.phase, 'ended')))
    .returning({ id: calls.id });
  return settled.length > 0;
}

/** A carrier's id that another call has already is no news of this one. */
function ownCallSid(callId: string, carrierCallId: string): SQL {
  const other = sql`exists (select from calls other
    where other.call_sid = ${sql.param(carrierCallId, calls.callSid)} and other.id <> ${sql.param(callId, calls.id)})`;
  return sql`case when ${other} then ${calls.callSid} else ${kept('callSid', carrierCallId)} end`;
}

function kept(column: 'dialledAt' | 'ringingAt' | 'answeredAt', value: number): SQL;
function kept(column: 'answeredBy' | 'callSid', value: string): SQL;
function kept(column: keyof typeof calls.$inferInsert, value: unknown): SQL {
  return sql`coalesce(${calls[column]}, ${sql.param(value, calls[column])})`;
}
