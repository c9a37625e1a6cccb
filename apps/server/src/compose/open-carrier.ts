import type { CallStore, Carrier } from '@earshot/calls';
import { connectCall, inlineTwiml, TwilioCarrier, TwilioRest } from '@earshot/twilio';
import type { Config } from '../config.ts';
import type { PublicUrls } from '../public-urls.ts';
import type { StreamTokens } from '../stream-tokens.ts';
import { NO_CARRIER } from './no-carrier.ts';

export interface CarrierParts {
  readonly config: Pick<Config, 'carrier' | 'auth'>;
  /** Where the emulator's API is, once it runs. */
  readonly emulatorUrl: string | null;
  readonly urls: PublicUrls;
  readonly tokens: StreamTokens;
  readonly store: Pick<CallStore, 'findByCarrierId'>;
}

/** The carrier may keep a call in its queue for so long before it rings. */
const QUEUE_MS = 15 * 60_000;

/** Whoever connects our calls. */
export function openCarrier(parts: CarrierParts): Carrier {
  const { config, emulatorUrl, urls, tokens, store } = parts;
  const { carrier, auth } = config;
  const baseUrl = carrier.type === 'twilio' ? carrier.apiBaseUrl : emulatorUrl;
  // Without its own address the emulator's account would be asked for at Twilio.
  if (carrier.type === 'none' || (carrier.type === 'emulator' && baseUrl === null))
    return NO_CARRIER;
  const credentials = { accountSid: carrier.accountSid, authToken: auth.tokens[0] };
  return new TwilioCarrier({
    rest: new TwilioRest({ credentials, baseUrl }),
    urlOf: (path) => urls.of(path),
    twimlFor: ({ callId, ringTimeoutMs }) =>
      inlineTwiml(
        connectCall({
          callId,
          pass: tokens.issue(callId, ringTimeoutMs + QUEUE_MS),
          url: urls.media,
          urlOf: (path) => urls.of(path),
        }),
      ),
    ownerOf: async (carrierCallId) => (await store.findByCarrierId(carrierCallId))?.id ?? null,
  });
}
