import { CallError } from '@earshot/calls';
import { CallResource, isCallSid } from './call-resource.ts';
import type { Attempt } from './rest-failure.ts';
import type { RestParameters, TwilioRest } from './twilio-rest.ts';

/** Twilio's own codes. */
export const NOT_FOUND = 20404;
const CALL_NOT_IN_PROGRESS = 21220;

export function callPath(sid: string): string {
  return `Calls/${sid}.json`;
}

/** Changes a live call. Null when there is nothing to change any more. */
export async function update(
  rest: TwilioRest,
  sid: string,
  parameters: RestParameters,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<CallResource | null> {
  if (!isCallSid(sid)) return null;
  const request = { path: callPath(sid), parameters, shape: CallResource, ...attempt };
  return unless([NOT_FOUND, CALL_NOT_IN_PROGRESS], () => rest.post(request, signal));
}

/** Null when Twilio says one of these. */
export async function unless<T>(
  codes: readonly number[],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof CallError ? error.carrierCode : null;
    if (code !== null && codes.includes(code)) return null;
    throw error;
  }
}
