import type { CallPlan } from '@earshot/calls';

const PREFIX = 'call-';

/** An incoming call's id comes of the carrier's alone: told twice, it is one call. */
export function inboundCallId(callSid: string): string {
  return PREFIX + callSid;
}

/** The carrier's id in an incoming call's; null: it is another call's. */
export function inboundSidOf(callId: string): string | null {
  return callId.startsWith(`${PREFIX}CA`) ? callId.slice(PREFIX.length) : null;
}

export interface InboundCall {
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
}

/** Longer than any number or SIP address that the carrier tells. */
const MOST_CHARACTERS = 100;

/** What is to be done with an incoming call. */
export function inboundPlan({ callSid, from, to }: InboundCall, maxDurationMs: number): CallPlan {
  return {
    id: inboundCallId(callSid),
    direction: 'inbound',
    to: to.slice(0, MOST_CHARACTERS),
    from: from.slice(0, MOST_CHARACTERS),
    receptionistId: null,
    greeting: null,
    systemPrompt: null,
    maxDurationMs,
    ringTimeoutMs: 0,
    machineDetection: 'off',
    record: false,
    vadConfig: null,
    metadata: {},
    agent: null,
  };
}
