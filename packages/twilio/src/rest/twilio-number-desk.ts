import {
  CallError,
  type NumberDesk,
  type NumberPapers,
  type NumberQuery,
  type NumberSetup,
  type NumberType,
  type OfferedNumber,
  type OwnedNumber,
} from '@earshot/calls';
import { E164 } from './dial-parameters.ts';
import { NOT_FOUND, unless } from './live-call.ts';
import { OfferedList, Owned, OwnedList, offeredNumber, ownedNumber } from './number-resource.ts';
import { allPages } from './pages.ts';
import type { RestParameters, TwilioRest } from './twilio-rest.ts';

const PATHS: Readonly<Record<NumberType, string>> = {
  local: 'Local',
  'toll-free': 'TollFree',
  mobile: 'Mobile',
};

/** Twilio's largest page. */
const PAGE_SIZE = 1000;
const MOST_PAGES = 20;
const OWNED = 'IncomingPhoneNumbers';

/** Phone numbers by Twilio's REST API. */
export class TwilioNumberDesk implements NumberDesk {
  readonly #rest: TwilioRest;

  constructor(rest: TwilioRest) {
    this.#rest = rest;
  }

  async search(query: NumberQuery, signal: AbortSignal): Promise<readonly OfferedNumber[]> {
    const { country, type, limit } = query;
    if (!/^[A-Z]{2}$/.test(country))
      throw new CallError('carrier-refused', 'A country is two capital letters');
    const path = `AvailablePhoneNumbers/${country}/${PATHS[type]}.json`;
    const parameters = searchParameters(query);
    const request = { path, parameters, shape: OfferedList, what: 'a search for numbers' };
    const { available_phone_numbers } = await this.#rest.get(request, signal);
    return available_phone_numbers.slice(0, limit).map((one) => offeredNumber(one, country));
  }

  /** A number can be bought only once: after an unclear answer the list tells whether it is ours. */
  async buy(
    number: string,
    setup: NumberSetup,
    { addressId, bundleId }: NumberPapers,
    signal: AbortSignal,
  ): Promise<OwnedNumber> {
    if (!E164.test(number)) throw new CallError('bad-number', 'A number is bought by its E.164');
    const papers = { AddressSid: addressId, BundleSid: bundleId };
    const parameters = { PhoneNumber: number, ...setupParameters(setup), ...papers };
    const request = { path: `${OWNED}.json`, parameters, shape: Owned };
    try {
      const what = 'the purchase of a number';
      return ownedNumber(await this.#rest.post({ ...request, what, once: true }, signal));
    } catch (error) {
      const isUnclear = error instanceof CallError && error.code === 'carrier-ambiguous';
      const bought = isUnclear ? await this.#owned(number, signal).catch(() => null) : null;
      if (bought) return bought;
      throw error;
    }
  }

  async configure(id: string, setup: NumberSetup, signal: AbortSignal): Promise<OwnedNumber> {
    if (!isNumberSid(id)) throw new CallError('carrier-refused', 'No such number');
    const parameters = setupParameters(setup);
    const request = { path: `${OWNED}/${id}.json`, parameters, shape: Owned };
    const what = 'the setup of a number';
    return ownedNumber(await this.#rest.post({ ...request, what }, signal));
  }

  async release(id: string, signal: AbortSignal): Promise<void> {
    if (!isNumberSid(id)) return;
    const request = { path: `${OWNED}/${id}.json`, what: 'the release of a number' };
    await unless([NOT_FOUND], () => this.#rest.delete(request, signal));
  }

  async list(signal: AbortSignal): Promise<readonly OwnedNumber[]> {
    return this.#list({}, signal);
  }

  async #owned(number: string, signal: AbortSignal): Promise<OwnedNumber | null> {
    const found = await this.#list({ PhoneNumber: number }, signal);
    return found.find((owned) => owned.number === number) ?? null;
  }

  async #list(filter: RestParameters, signal: AbortSignal): Promise<OwnedNumber[]> {
    const parameters = { ...filter, PageSize: PAGE_SIZE };
    const request = { path: `${OWNED}.json`, parameters, shape: OwnedList, what: 'our numbers' };
    const pages = await allPages(this.#rest, request, MOST_PAGES, signal);
    return pages.flatMap((page) => page.incoming_phone_numbers.map(ownedNumber));
  }
}

function isNumberSid(text: string): boolean {
  return Owned.shape.sid.safeParse(text).success;
}

function searchParameters({
  areaCode,
  contains,
  capabilities,
  limit,
}: NumberQuery): RestParameters {
  const wanted = (capability: NumberQuery['capabilities'][number]) =>
    capabilities.includes(capability) || undefined;
  return {
    AreaCode: areaCode ?? undefined,
    Contains: contains ?? undefined,
    VoiceEnabled: wanted('voice'),
    SmsEnabled: wanted('sms'),
    MmsEnabled: wanted('mms'),
    PageSize: Math.min(PAGE_SIZE, Math.max(1, limit)),
  };
}

function setupParameters({
  name,
  voiceUrl,
  voiceFallbackUrl,
  statusUrl,
}: NumberSetup): RestParameters {
  return {
    FriendlyName: name ?? undefined,
    VoiceUrl: voiceUrl,
    VoiceMethod: 'POST',
    VoiceFallbackUrl: voiceFallbackUrl,
    VoiceFallbackMethod: 'POST',
    StatusCallback: statusUrl,
    StatusCallbackMethod: 'POST',
  };
}
