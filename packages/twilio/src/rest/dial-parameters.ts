import { CallError, type DialOrder } from '@earshot/calls';
import type { RestParameters } from './twilio-rest.ts';

/** Twilio's own limits. */
const LONGEST_TWIML = 4000;
const LONGEST_RING_S = 600;
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const;

export const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * What Twilio is asked for when it dials. Each call has callback URLs of its own, with our id in
 * their path: that is how its reports find it even where the answer to the dial was lost.
 */
export function dialParameters(
  { callId, to, from, ringTimeoutMs, maxDurationMs, machineDetection }: DialOrder,
  twiml: string,
  urlOf: (path: string) => string,
): RestParameters {
  if (!E164.test(to)) throw new CallError('bad-number', 'An E.164 number is dialled');
  if (!E164.test(from)) throw new CallError('carrier-refused', 'An E.164 number of ours dials');
  if (twiml.length > LONGEST_TWIML)
    throw new CallError('carrier-refused', `TwiML in a dial has at most ${LONGEST_TWIML}`);
  const id = encodeURIComponent(callId);
  return {
    To: to,
    From: from,
    Twiml: twiml,
    StatusCallback: urlOf(`/twilio/status/${id}`),
    StatusCallbackMethod: 'POST',
    StatusCallbackEvent: EVENTS,
    Timeout: Math.min(LONGEST_RING_S, seconds(ringTimeoutMs)),
    TimeLimit: seconds(maxDurationMs),
    ...(machineDetection !== 'off' && {
      // In the background: otherwise the callee hears nothing until it is decided.
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: urlOf(`/twilio/amd/${id}`),
      AsyncAmdStatusCallbackMethod: 'POST',
    }),
  };
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
