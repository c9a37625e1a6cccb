import { type AnsweredBy, CARRIER_STATUSES, type CarrierCall } from '@earshot/calls';
import { z } from 'zod';

/** A moment in RFC 2822, as all of this API's are; null for none, also where it is unreadable. */
const moment = z.preprocess(
  (given) => (typeof given === 'string' ? Date.parse(given) || null : null),
  z.number().nullable(),
);

/** What we read of Twilio's call resource. There is more in it, and more may come. */
export const CallResource = z.object({
  sid: z.string().regex(/^CA[0-9a-fA-F]{32}$/),
  status: z.enum(CARRIER_STATUSES),
  direction: z.string().nullish(),
  answered_by: z.string().nullish(),
  date_created: moment,
  start_time: moment,
  end_time: moment,
});
export type CallResource = z.infer<typeof CallResource>;

export const CallList = z.object({
  calls: z.array(CallResource),
  next_page_uri: z.string().nullish(),
});

export function isCallSid(text: string): boolean {
  return CallResource.shape.sid.safeParse(text).success;
}

export function carrierCall(call: CallResource): CarrierCall {
  return {
    carrierCallId: call.sid,
    status: call.status,
    answeredBy: answeredBy(call.answered_by ?? ''),
    startedAtMs: call.start_time,
    endedAtMs: call.end_time,
  };
}

/** Twilio's word for who answered, in callbacks (`AnsweredBy`) and in the API; null for none of them. */
export function answeredBy(word: string): AnsweredBy | null {
  if (/^machine(_|$)/.test(word)) return 'machine';
  return word === 'human' || word === 'fax' || word === 'unknown' ? word : null;
}
