import type { CallFilter, CallPage, CallStore } from '@earshot/calls';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import { numberOf } from './call-order.ts';
import { Status } from './call-view.ts';

const moment = z.iso.datetime({
  offset: true,
  error: 'must be a moment like 2026-01-31T12:00:00Z',
});

/** The query of `GET /calls`. */
export const ListQuery = z.strictObject({
  status: Status.optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  phone_number: z.string().max(40).optional(),
  receptionist_id: z.string().max(100).optional(),
  created_after: moment.optional(),
  created_before: moment.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(500).optional(),
});

type ListQuery = z.infer<typeof ListQuery>;

/** Throws an `HttpError` for a cursor that is none. */
export async function pageOf(store: CallStore, query: ListQuery): Promise<CallPage> {
  const { limit, cursor } = query;
  const page = await store.list(filterOf(query), limit, cursor ?? null);
  if (page.calls.length === 0 && cursor !== undefined) await checkCursor(store, cursor);
  return page;
}

/**
 * A store tells of a bad cursor by an empty page. Behind one of ours there is a call, if of another
 * kind than is asked for: none is ever removed.
 */
async function checkCursor(store: CallStore, cursor: string): Promise<void> {
  const { calls } = await store.list({}, 1, cursor);
  if (calls.length === 0)
    throw new HttpError('invalid-request', 'cursor: must be the next_cursor of an earlier page');
}

function filterOf(query: ListQuery): CallFilter {
  const { status, direction, phone_number, receptionist_id, created_after, created_before } = query;
  return {
    ...(status && { status }),
    ...(direction && { direction }),
    // In a query a plus sign that was not escaped has become a space.
    ...(phone_number && { phoneNumber: numberOf(phone_number.replace(/^ /, '+')) }),
    ...(receptionist_id && { receptionistId: receptionist_id }),
    ...(created_after && { createdAfterMs: Date.parse(created_after) }),
    ...(created_before && { createdBeforeMs: Date.parse(created_before) }),
  };
}
