import type { CarrierCall, DialOrder } from '@earshot/calls';
import { CallList, carrierCall } from './call-resource.ts';
import { allPages } from './pages.ts';
import type { TwilioRest } from './twilio-rest.ts';

/** Twilio's clock and ours may differ so much, and its moments are whole seconds. */
export const CLOCK_MARGIN_MS = 15_000;
const PAGE_SIZE = 100;
/** Calls from one number of ours to one callee: there is hardly ever more than a page of them. */
const MOST_PAGES = 5;

/** Our id of a call at the carrier; null where it is not known whose it is. */
export type OwnerOf = (carrierCallId: string) => Promise<string | null>;

export interface Candidates {
  /** Known to be this order's. */
  readonly ours: CarrierCall | null;
  /** Nobody's so far. */
  readonly strays: readonly CarrierCall[];
  /** Our ids of the calls that the others belong to. */
  readonly owners: ReadonlySet<string>;
}

/**
 * The calls that this order may have led to: dialled through the API from and to its numbers, and
 * created since then. No filter by start: a call that waits in Twilio's queue has none yet. The order
 * of the list is not documented, so all of it is read.
 */
export async function candidates(
  rest: TwilioRest,
  { to, from, callId }: DialOrder,
  sinceMs: number,
  ownerOf: OwnerOf,
  signal: AbortSignal,
): Promise<Candidates> {
  const strays: CarrierCall[] = [];
  const owners = new Set<string>();
  const parameters = { To: to, From: from, PageSize: PAGE_SIZE };
  const request = { path: 'Calls.json', parameters, shape: CallList, what: 'a search for a call' };
  const pages = await allPages(rest, request, MOST_PAGES, signal);
  for (const call of pages.flatMap(({ calls }) => calls)) {
    const isLater = (call.date_created ?? 0) >= sinceMs - CLOCK_MARGIN_MS;
    if (call.direction !== 'outbound-api' || !isLater) continue;
    const owner = await ownerOf(call.sid);
    if (owner === callId) return { ours: carrierCall(call), strays, owners };
    if (owner === null) strays.push(carrierCall(call));
    else owners.add(owner);
  }
  return { ours: null, strays, owners };
}
