import type { NetworkCall } from '../network/network-call.ts';
import type { FreeNumber } from '../network/number-plan.ts';
import { isRegulated } from '../network/number-plan.ts';
import type { OwnNumber } from '../network/phone-numbers.ts';
import type { Recording } from '../network/recording.ts';
import { rfc2822, secondsOf } from '../network/status-report.ts';

const API_VERSION = '2010-04-01';
const CAPABILITIES = { voice: true, sms: true, mms: true, fax: false };

function accountPath(accountSid: string): string {
  return `/${API_VERSION}/Accounts/${accountSid}`;
}

export function callResource(call: NetworkCall, accountSid: string) {
  const { sid, order, status, startedAt, endedAt, answered } = call;
  const base = `${accountPath(accountSid)}/Calls/${sid}`;
  const parts = ['notifications', 'recordings', 'streams', 'transcriptions', 'events'];
  return {
    sid,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    parent_call_sid: null,
    account_sid: accountSid,
    to: order.to,
    to_formatted: formatted(order.to),
    from: order.from,
    from_formatted: formatted(order.from),
    phone_number_sid: call.phoneNumberSid,
    status,
    start_time: startedAt && rfc2822(startedAt),
    end_time: endedAt && rfc2822(endedAt),
    duration: endedAt && (answered ? secondsOf(call.durationMs) : '0'),
    price: null,
    price_unit: 'USD',
    direction: order.direction,
    answered_by: call.answeredBy,
    api_version: API_VERSION,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: String(Math.round(call.queueTimeMs)),
    trunk_sid: null,
    uri: `${base}.json`,
    subresource_uris: Object.fromEntries(
      parts.map((part) => [part, `${base}/${part.charAt(0).toUpperCase()}${part.slice(1)}.json`]),
    ),
  };
}

/** As `Recordings.json` tells it. */
export function recordingResource(recording: Recording, accountSid: string, baseUrl: string) {
  const path = `${accountPath(accountSid)}/Recordings/${recording.sid}`;
  return {
    ...recordingFacts(recording, accountSid),
    uri: `${path}.json`,
    media_url: `${baseUrl}${path}`,
    subresource_uris: {},
  };
}

/** As `Calls/{CallSid}/Recordings.json` tells it. */
export function callRecordingResource(recording: Recording, accountSid: string) {
  const { sid, callSid, order } = recording;
  return {
    ...recordingFacts(recording, accountSid),
    track: order.track,
    uri: `${accountPath(accountSid)}/Calls/${callSid}/Recordings/${sid}.json`,
  };
}

function recordingFacts(recording: Recording, accountSid: string) {
  const { sid, callSid, order, status, startedAt } = recording;
  return {
    sid,
    account_sid: accountSid,
    api_version: API_VERSION,
    call_sid: callSid,
    conference_sid: null,
    date_created: rfc2822(startedAt),
    date_updated: rfc2822(startedAt),
    start_time: rfc2822(startedAt),
    duration: recording.live ? null : secondsOf(recording.durationMs),
    price: null,
    price_unit: 'USD',
    status,
    channels: order.channels,
    source: order.source,
    error_code: null,
    encryption_details: null,
  };
}

export function ownNumberResource(number: OwnNumber, accountSid: string) {
  const uri = `${accountPath(accountSid)}/IncomingPhoneNumbers/${number.sid}.json`;
  return {
    sid: number.sid,
    account_sid: accountSid,
    friendly_name: number.friendlyName,
    phone_number: number.phoneNumber,
    origin: 'twilio',
    address_sid: number.addressSid,
    address_requirements: 'none',
    api_version: API_VERSION,
    beta: false,
    bundle_sid: number.bundleSid,
    capabilities: CAPABILITIES,
    date_created: rfc2822(number.createdAt),
    date_updated: rfc2822(number.updatedAt),
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    identity_sid: null,
    sms_application_sid: null,
    sms_fallback_method: 'POST',
    sms_fallback_url: '',
    sms_method: 'POST',
    sms_url: '',
    status: 'in-use',
    status_callback: number.statusCallback,
    status_callback_method: number.statusCallbackMethod,
    trunk_sid: null,
    type: 'local',
    uri,
    voice_application_sid: null,
    voice_caller_id_lookup: false,
    voice_fallback_method: number.voiceFallbackMethod,
    voice_fallback_url: number.voiceFallbackUrl,
    voice_method: number.voiceMethod,
    voice_receive_mode: 'voice',
    voice_url: number.voiceUrl,
  };
}

export function freeNumberResource({ phoneNumber, country, locality, region }: FreeNumber) {
  return {
    friendly_name: formatted(phoneNumber),
    phone_number: phoneNumber,
    lata: null,
    locality: locality || null,
    rate_center: locality.toUpperCase() || null,
    latitude: null,
    longitude: null,
    region: region || null,
    postal_code: null,
    iso_country: country,
    address_requirements: isRegulated(country) ? 'local' : 'none',
    beta: false,
    capabilities: CAPABILITIES,
  };
}

/** North American numbers as people there write them. */
function formatted(number: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}
