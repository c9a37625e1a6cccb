import { CallError } from '@earshot/calls';
import { z } from 'zod';
import type { Answer, ExchangeError } from './exchange.ts';

/** What Twilio says of a request that it did not carry out. Its `message` may hold phone numbers. */
const ErrorBody = z.object({ code: z.number().int() });

const TOO_MANY_REQUESTS = 429;
const REQUEST_TIMEOUT = 408;
/** Calls at the same time, beyond what the account may have: it did not ring, and may later. */
const TOO_MANY_CALLS = 10_004;

/** What was asked. */
export interface Attempt {
  /** In words for a message: 'a dial'. */
  readonly what: string;
  /** Doing it twice does harm, so that an unclear answer is told as such. Default false. */
  readonly once?: boolean;
}

/** No whole answer came. */
export function unanswered({ what, once }: Attempt, { sent, message }: ExchangeError): CallError {
  if (sent && once) return ambiguous(what, message);
  return new CallError('carrier-unavailable', `Twilio could not be asked for ${what} (${message})`);
}

/** The answer is no success. */
export function failed({ what, once }: Attempt, answer: Answer): CallError {
  const { status } = answer;
  const carrierCode = carrierCodeOf(answer);
  if (status === TOO_MANY_REQUESTS || carrierCode === TOO_MANY_CALLS)
    return new CallError('carrier-busy', `Twilio is too busy for ${what}`, { carrierCode });
  if (status >= 500 || status === REQUEST_TIMEOUT)
    return once
      ? ambiguous(what, `HTTP ${status}`)
      : new CallError('carrier-unavailable', `Twilio failed at ${what} (HTTP ${status})`);
  const said = carrierCode ?? `HTTP ${status}`;
  return new CallError('carrier-refused', `Twilio refused ${what} (${said})`, { carrierCode });
}

/** The answer says that it was done, and not what. */
export function unreadable({ what, once }: Attempt): CallError {
  if (once) return ambiguous(what, 'unreadable answer');
  return new CallError('carrier-unavailable', `Twilio's answer to ${what} is unreadable`);
}

function ambiguous(what: string, why: string): CallError {
  return new CallError('carrier-ambiguous', `Twilio may or may not have done ${what} (${why})`);
}

function carrierCodeOf({ text }: Answer): number | null {
  return ErrorBody.safeParse(json(text)).data?.code ?? null;
}

/** Undefined where it is no JSON. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
