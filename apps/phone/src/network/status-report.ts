import type { CallEventName } from './call-order.ts';
import type { NetworkCall } from './network-call.ts';

/** SIP's words for how a call ended; an answered call is a 200. */
const SIP_CODES = {
  busy: 486,
  'no-answer': 487,
  canceled: 487,
  failed: 404,
  completed: 200,
} as const;

/** What a status callback says of a call. */
export function statusReport(
  call: NetworkCall,
  event: CallEventName,
  accountSid: string,
): Readonly<Record<string, string>> {
  const { to, from, direction } = call.order;
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: call.sid,
    CallStatus: statusOf(call, event),
    CallbackSource: 'call-progress-events',
    Called: to,
    Caller: from,
    Direction: direction,
    From: from,
    SequenceNumber: String(call.nextSequenceNumber()),
    Timestamp: rfc2822(new Date()),
    To: to,
    ...(call.answeredBy && { AnsweredBy: call.answeredBy }),
    ...(event === 'completed' && endOf(call)),
  };
}

/** As Twilio writes it: Wed, 02 Oct 2024 15:00:00 +0000. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

export function secondsOf(ms: number): string {
  return String(Math.round(ms / 1_000));
}

function statusOf(call: NetworkCall, event: CallEventName): string {
  if (event === 'answered') return 'in-progress';
  return event === 'completed' ? call.status : event;
}

function endOf(call: NetworkCall): Readonly<Record<string, string>> {
  const { status, durationMs, recordings } = call;
  const code = status in SIP_CODES ? SIP_CODES[status as keyof typeof SIP_CODES] : 200;
  const recording = recordings.find(({ order }) => order.source === 'OutboundAPI');
  return {
    CallDuration: secondsOf(durationMs),
    Duration: String(Math.ceil(durationMs / 60_000)),
    SipResponseCode: String(code),
    ...(recording?.status === 'completed' && {
      RecordingSid: recording.sid,
      RecordingDuration: secondsOf(recording.durationMs),
    }),
  };
}
