import type { CallMetrics } from '@earshot/calls';
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from './database.ts';
import { callMetrics } from './schema.ts';

export async function saveMetrics(
  tx: Transaction,
  callId: string,
  metrics: CallMetrics,
): Promise<void> {
  await tx
    .insert(callMetrics)
    .values({ ...metrics, callId })
    .onConflictDoUpdate({
      target: callMetrics.callId,
      set: { ...metrics, updatedAt: sql`now()` },
    });
}

export async function findMetrics(tx: Transaction, callId: string): Promise<CallMetrics | null> {
  const [row] = await tx.select().from(callMetrics).where(eq(callMetrics.callId, callId));
  if (!row) return null;
  const { callId: _, createdAt, updatedAt, ...metrics } = row;
  return { ...metrics, errorMessages: row.errorMessages as CallMetrics['errorMessages'] };
}
