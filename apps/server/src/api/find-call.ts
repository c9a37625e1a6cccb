import type { Call, CallStore } from '@earshot/calls';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';

/** The id of a call, ours or the carrier's. */
export const CallParams = z.object({ id: z.string().regex(/^[\w-]{1,100}$/, 'is no call id') });

/** Throws an `HttpError` for an unknown call. */
export async function findCall(store: CallStore, id: string): Promise<Call> {
  const call = await (id.startsWith('CA') ? store.findByCarrierId(id) : store.find(id));
  if (!call) throw new HttpError('call-not-found', 'There is no such call');
  return call;
}
