import type { NumberCapability, OfferedNumber, OwnedNumber } from '@earshot/calls';
import { z } from 'zod';

/** Twilio has written the names in both cases over the years. */
const Capabilities = z
  .record(z.string(), z.boolean().nullish())
  .nullish()
  .transform((given) =>
    Object.entries(given ?? {})
      .filter(([, has]) => has)
      .map(([name]) => name.toLowerCase())
      .filter((name): name is NumberCapability => /^(voice|sms|mms)$/.test(name)),
  );

/** Twilio says "" for a URL that is not set, or null. */
const unset = z
  .string()
  .nullish()
  .transform((text) => text || null);

const Offered = z.object({
  phone_number: z.string(),
  iso_country: unset,
  region: unset,
  locality: unset,
  address_requirements: unset,
  capabilities: Capabilities,
});

export const OfferedList = z.object({ available_phone_numbers: z.array(Offered) });

export const Owned = z.object({
  sid: z.string().regex(/^PN[0-9a-fA-F]{32}$/),
  phone_number: z.string(),
  friendly_name: unset,
  capabilities: Capabilities,
  voice_url: unset,
  voice_fallback_url: unset,
  status_callback: unset,
});

export const OwnedList = z.object({
  incoming_phone_numbers: z.array(Owned),
  next_page_uri: z.string().nullish(),
});

export function offeredNumber(given: z.infer<typeof Offered>, country: string): OfferedNumber {
  return {
    number: given.phone_number,
    country: given.iso_country ?? country,
    region: given.region,
    locality: given.locality,
    capabilities: given.capabilities,
    needsAddress: (given.address_requirements ?? 'none') !== 'none',
  };
}

export function ownedNumber(given: z.infer<typeof Owned>): OwnedNumber {
  return {
    id: given.sid,
    number: given.phone_number,
    name: given.friendly_name ?? '',
    capabilities: given.capabilities,
    voiceUrl: given.voice_url,
    voiceFallbackUrl: given.voice_fallback_url,
    statusUrl: given.status_callback,
  };
}
