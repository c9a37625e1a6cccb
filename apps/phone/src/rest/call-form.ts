import type {
  Address,
  CallOrder,
  RecordingOrder,
  StatusCallbackOrder,
} from '../network/call-order.ts';
import { CALL_EVENTS } from '../network/call-order.ts';
import type { MachineDetection } from '../network/machine-detection.ts';
import type { PhoneNumbers } from '../network/phone-numbers.ts';
import { e164, type Form } from './form.ts';
import { type ErrorCode, RestError } from './rest-error.ts';

const MAX_TWIML = 4_000;
const FOUR_HOURS_S = 4 * 60 * 60;
/** Numbers of Twilio's test credentials, and why a call to them is refused. */
const REFUSED: Readonly<Record<string, ErrorCode>> = {
  '+15005550001': 21211,
  '+15005550002': 21214,
  '+15005550003': 21215,
  '+15005550004': 21216,
};
/** The one from which Twilio's test credentials may call. */
const TEST_FROM = '+15005550006';

/** `POST Calls.json`. Throws `RestError`. */
export function callOrderOf(form: Form, numbers: PhoneNumbers): CallOrder {
  const to = toOf(form);
  const from = fromOf(form, numbers);
  const sendDigits = form.text('SendDigits');
  if (!/^[0-9#*wW]{0,32}$/.test(sendDigits)) throw new RestError(21206, 'SendDigits');
  const seconds = { usual: 60, least: 1, most: 600 };
  const limit = { usual: FOUR_HOURS_S, least: 1, most: 24 * 60 * 60 };
  return {
    to,
    from,
    direction: 'outbound-api',
    begin: beginOf(form),
    fallback: addressOf(form, 'FallbackUrl', 'FallbackMethod'),
    statusCallback: statusCallbackOf(form),
    ringTimeoutMs: form.integer('Timeout', seconds, 21208) * 1_000,
    timeLimitMs: form.integer('TimeLimit', limit) * 1_000,
    sendDigits,
    // Twilio's: digits that are sent turn detection off.
    machineDetection: sendDigits === '' ? detectionOf(form) : null,
    recording: form.flag('Record') ? recordingOf(form, 'OutboundAPI') : null,
  };
}

/** Where a call begins, or goes on. Twilio takes `Twiml` where both are given. */
export function beginOf(form: Form): CallOrder['begin'] {
  const twiml = form.text('Twiml');
  if (twiml.length > MAX_TWIML) {
    throw new RestError(20001, `Twiml has more than ${MAX_TWIML} characters`);
  }
  if (twiml !== '') return { twiml };
  const address = addressOf(form, 'Url', 'Method');
  if (address) return address;
  if (form.text('ApplicationSid') !== '') {
    throw new RestError(21218, 'applications are not emulated; give Url or Twiml');
  }
  throw new RestError(21205, 'give one of Url and Twiml');
}

export function statusCallbackOf(form: Form): StatusCallbackOrder | null {
  const address = addressOf(form, 'StatusCallback', 'StatusCallbackMethod');
  const asked = form.list('StatusCallbackEvent');
  const unknown = asked.find((name) => !CALL_EVENTS.some((event) => event === name));
  if (unknown !== undefined) {
    throw new RestError(20001, `StatusCallbackEvent is one of ${CALL_EVENTS.join(', ')}`);
  }
  const events = CALL_EVENTS.filter((event) => asked.includes(event));
  return address && { ...address, events: events.length > 0 ? events : ['completed'] };
}

export function recordingOf(form: Form, source: RecordingOrder['source']): RecordingOrder {
  const channels = form.choice('RecordingChannels', source === 'OutboundAPI' ? 'mono' : 'dual', [
    'mono',
    'dual',
  ]);
  const events = form.list('RecordingStatusCallbackEvent');
  const callback = addressOf(form, 'RecordingStatusCallback', 'RecordingStatusCallbackMethod');
  return {
    channels: channels === 'dual' ? 2 : 1,
    track: form.choice('RecordingTrack', 'both', ['inbound', 'outbound', 'both']),
    source,
    callback: callback && { ...callback, events: events.length > 0 ? events : ['completed'] },
  };
}

function toOf(form: Form): string {
  const given = form.text('To');
  if (given === '') throw new RestError(21201);
  const to = e164(given);
  if (to === null) throw new RestError(21211, 'a phone number like +12025550142 is needed');
  const refusal = REFUSED[to];
  if (refusal !== undefined) throw new RestError(refusal);
  return to;
}

function fromOf(form: Form, numbers: PhoneNumbers): string {
  const given = form.text('From');
  if (given === '') throw new RestError(21213);
  const from = e164(given);
  if (from === null || from === '+15005550001') throw new RestError(21212);
  if (from !== TEST_FROM && !numbers.find(from)) throw new RestError(21210);
  return from;
}

function addressOf(
  form: Form,
  urlName: string,
  methodName: string,
  code: ErrorCode = 21205,
): Address | null {
  const method = form.method(methodName, 21209);
  const url = form.url(urlName, code);
  return url === '' ? null : { url, method };
}

function detectionOf(form: Form): MachineDetection | null {
  const mode = form.choice('MachineDetection', 'None', ['None', 'Enable', 'DetectMessageEnd']);
  if (mode === 'None') return null;
  const name = 'MachineDetection';
  const range = (usual: number, least: number, most: number) => ({ usual, least, most });
  return {
    mode,
    async: form.flag('AsyncAmd'),
    timeoutMs: form.integer(`${name}Timeout`, range(30, 1, 120)) * 1_000,
    speechThresholdMs: form.integer(`${name}SpeechThreshold`, range(2_400, 1_000, 6_000)),
    speechEndThresholdMs: form.integer(`${name}SpeechEndThreshold`, range(1_200, 500, 5_000)),
    silenceTimeoutMs: form.integer(`${name}SilenceTimeout`, range(5_000, 2_000, 10_000)),
    callback: addressOf(form, 'AsyncAmdStatusCallback', 'AsyncAmdStatusCallbackMethod', 21262),
  };
}
