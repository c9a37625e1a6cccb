import type { CallStore, Carrier } from '@earshot/calls';
import { connectCall, inlineTwiml, issuePass, TwilioCarrier, TwilioRest } from '@earshot/twilio';
import type { TwilioConfig } from './config.ts';

/** Twilio may keep a call in its queue for so long before it rings. */
const QUEUE_MS = 15 * 60_000;

/** Twilio's API. Calls that it places come to the server, which knows their passes by the auth token. */
export function openCarrier(
  { accountSid, authToken, apiBaseUrl, publicUrl, mediaUrl }: TwilioConfig,
  store: Pick<CallStore, 'findByCarrierId'>,
): Carrier {
  const urlOf = (path: string) => `${publicUrl}${path}`;
  return new TwilioCarrier({
    rest: new TwilioRest({ credentials: { accountSid, authToken }, baseUrl: apiBaseUrl }),
    urlOf,
    twimlFor: ({ callId, ringTimeoutMs }) => {
      const pass = issuePass(authToken, callId, Date.now() + ringTimeoutMs + QUEUE_MS);
      return inlineTwiml(connectCall({ callId, pass, url: mediaUrl, urlOf }));
    },
    ownerOf: async (carrierCallId) => (await store.findByCarrierId(carrierCallId))?.id ?? null,
  });
}
