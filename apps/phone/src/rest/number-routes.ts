import {
  allFreeNumbers,
  areaCodeOf,
  type FreeNumber,
  freeNumbers,
  isRegulated,
  NUMBER_TYPES,
} from '../network/number-plan.ts';
import type { NumberSettings, OwnNumber, PhoneNumbers } from '../network/phone-numbers.ts';
import { e164, Form } from './form.ts';
import { pageOf } from './page.ts';
import { freeNumberResource, ownNumberResource } from './resources.ts';
import { RestError } from './rest-error.ts';
import { type Account, formOf, type RestRequest, type Route } from './route.ts';

const ACCOUNT = '/2010-04-01/Accounts/:account';
const OWN = `${ACCOUNT}/IncomingPhoneNumbers.json`;
const ONE = `${ACCOUNT}/IncomingPhoneNumbers/:sid.json`;

export const NUMBER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: `${ACCOUNT}/AvailablePhoneNumbers/:country/:type.json`,
    handle: (request, { numbers }) => {
      const { path, names, query } = request;
      const type = NUMBER_TYPES.find((one) => one === names.type?.toLowerCase());
      const all = type ? freeNumbers(names.country ?? '', type) : null;
      if (!all) throw new RestError(20404, path);
      const form = new Form(query);
      const found = all.filter((one) => !numbers.find(one.phoneNumber) && isWanted(one, form));
      const listed = found.map((one) => ({ ...one, sid: one.phoneNumber }));
      const page = pageOf('available_phone_numbers', listed, request, freeNumberResource);
      return { status: 200, json: page };
    },
  },
  {
    method: 'GET',
    path: OWN,
    handle: (request, { numbers, accountSid }) => {
      const wanted = e164(request.query.get('PhoneNumber') ?? '');
      const name = request.query.get('FriendlyName');
      const found = numbers.all.filter(
        (one) =>
          (wanted === null || one.phoneNumber === wanted) && (!name || one.friendlyName === name),
      );
      const resource = (one: OwnNumber) => ownNumberResource(one, accountSid);
      return { status: 200, json: pageOf('incoming_phone_numbers', found, request, resource) };
    },
  },
  {
    method: 'POST',
    path: OWN,
    handle: (request, { numbers, accountSid }) => {
      const form = formOf(request);
      const bought = numbers.add(chosen(form, numbers), settingsOf(form));
      return { status: 201, json: ownNumberResource(bought, accountSid) };
    },
  },
  {
    method: 'GET',
    path: ONE,
    handle: (request, account) => ({
      status: 200,
      json: ownNumberResource(numberOf(request, account), account.accountSid),
    }),
  },
  {
    method: 'POST',
    path: ONE,
    handle: (request, account) => {
      const settings = settingsOf(formOf(request));
      const updated = account.numbers.update(numberOf(request, account), settings);
      return { status: 200, json: ownNumberResource(updated, account.accountSid) };
    },
  },
  {
    method: 'DELETE',
    path: ONE,
    handle: (request, account) => {
      account.numbers.release(numberOf(request, account).sid);
      return { status: 204 };
    },
  },
];

function numberOf({ path, names }: RestRequest, { numbers }: Account): OwnNumber {
  const number = numbers.get(names.sid ?? '');
  if (!number) throw new RestError(20404, path);
  return number;
}

/** `AreaCode`, `Contains` (digits, `*` for any one), `InRegion`, `InLocality`. */
function isWanted(number: FreeNumber, form: Form): boolean {
  const areaCode = form.text('AreaCode');
  if (areaCode !== '' && areaCode !== areaCodeOf(number)) return false;
  const region = form.text('InRegion');
  if (region !== '' && region.toUpperCase() !== number.region.toUpperCase()) return false;
  const locality = form.text('InLocality');
  if (locality !== '' && locality.toLowerCase() !== number.locality.toLowerCase()) return false;
  const pattern = form.text('Contains').replace(/[^\d*]/g, '');
  return new RegExp(pattern.replaceAll('*', '\\d')).test(number.phoneNumber);
}

/** The number that is bought. */
function chosen(form: Form, numbers: PhoneNumbers): string {
  const isFree = (one: FreeNumber) => !numbers.find(one.phoneNumber);
  const areaCode = form.text('AreaCode');
  if (form.text('PhoneNumber') === '' && areaCode !== '') {
    if (!/^\d{3}$/.test(areaCode)) throw new RestError(21451);
    const first = allFreeNumbers().find((one) => areaCodeOf(one) === areaCode && isFree(one));
    if (!first) throw new RestError(21452);
    return first.phoneNumber;
  }
  const phoneNumber = e164(form.text('PhoneNumber'));
  if (phoneNumber === null) throw new RestError(21421);
  const number = allFreeNumbers().find((one) => one.phoneNumber === phoneNumber);
  if (!number || !isFree(number)) throw new RestError(21422);
  if (isRegulated(number.country)) {
    if (form.text('AddressSid') === '') throw new RestError(21631);
    if (form.text('BundleSid') === '') throw new RestError(21649);
  }
  return phoneNumber;
}

/** What is given, and only that. */
function settingsOf(form: Form): Partial<NumberSettings> {
  return {
    ...(form.text('FriendlyName') !== '' && { friendlyName: form.text('FriendlyName') }),
    ...(form.has('VoiceUrl') && { voiceUrl: form.url('VoiceUrl', 21402) }),
    ...(form.has('VoiceMethod') && { voiceMethod: form.method('VoiceMethod', 21403) }),
    ...(form.has('VoiceFallbackUrl') && {
      voiceFallbackUrl: form.url('VoiceFallbackUrl', 21402),
    }),
    ...(form.has('VoiceFallbackMethod') && {
      voiceFallbackMethod: form.method('VoiceFallbackMethod', 21403),
    }),
    ...(form.has('StatusCallback') && { statusCallback: form.url('StatusCallback', 21402) }),
    ...(form.has('StatusCallbackMethod') && {
      statusCallbackMethod: form.method('StatusCallbackMethod', 21403),
    }),
    ...(form.has('AddressSid') && { addressSid: form.text('AddressSid') || null }),
    ...(form.has('BundleSid') && { bundleSid: form.text('BundleSid') || null }),
  };
}
