import type { Call, CallFilter, CallPage } from '@earshot/calls';
import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { callOf } from './call-row.ts';
import type { Transaction } from './database.ts';
import { calls } from './schema.ts';

interface Place {
  readonly createdAtMs: number;
  readonly id: string;
}

/** Ids are compared by their bytes, whatever language the database sorts by. */
const BY_BYTES = sql`${calls.id} collate "C"`;

/** Newest first, from behind the call that the cursor names. */
export async function pageOf(
  tx: Transaction,
  filter: CallFilter,
  limit: number,
  cursor: string | null,
): Promise<CallPage> {
  const after = cursor === null ? null : cursorFrom(cursor);
  if (cursor !== null && after === null) return { calls: [], nextCursor: null };
  const rows = await tx
    .select()
    .from(calls)
    .where(and(...conditions(filter), after ? behind(after) : undefined))
    .orderBy(desc(calls.startedAt), desc(BY_BYTES))
    .limit(limit + 1);
  const found = rows.slice(0, limit).map(callOf);
  const last = found.at(-1);
  return { calls: found, nextCursor: last && rows.length > limit ? cursorOf(last) : null };
}

function conditions(filter: CallFilter): readonly SQL[] {
  const { status, direction, phoneNumber, receptionistId, createdAfterMs, createdBeforeMs } =
    filter;
  return [
    status === undefined ? [] : eq(calls.status, status),
    direction === undefined ? [] : eq(calls.direction, direction),
    phoneNumber === undefined ? [] : eq(calls.phoneNumber, phoneNumber),
    receptionistId === undefined ? [] : eq(calls.receptionistId, receptionistId),
    createdAfterMs === undefined ? [] : gte(calls.startedAt, createdAfterMs),
    createdBeforeMs === undefined ? [] : lt(calls.startedAt, createdBeforeMs),
  ].flat();
}

function behind({ createdAtMs, id }: Place): SQL {
  const moment = sql.param(createdAtMs, calls.startedAt);
  return sql`(${calls.startedAt}, ${BY_BYTES}) < (${moment}::timestamptz, ${id}::text)`;
}

function cursorOf({ createdAtMs, id }: Call): string {
  return Buffer.from(JSON.stringify([createdAtMs, id])).toString('base64url');
}

const LAST_MOMENT = 8.64e15;

function cursorFrom(cursor: string): Place | null {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(place)) return null;
    const [createdAtMs, id] = place;
    if (!Number.isInteger(createdAtMs) || Math.abs(createdAtMs) > LAST_MOMENT) return null;
    return typeof id === 'string' ? { createdAtMs, id } : null;
  } catch {
    // Not ours: it tells nothing.
    return null;
  }
}
