import { inOurWords, mistakesOf } from '@earshot/process';
import { z } from 'zod';
import { NoScenarioError } from '../caller/find-scenario.ts';
import type { CallOrder } from '../network/call-order.ts';
import { TroubleError } from '../network/coded-errors.ts';
import type { OwnNumber } from '../network/phone-numbers.ts';
import { e164 } from './form.ts';
import { callResource } from './resources.ts';
import { RestError } from './rest-error.ts';
import type { Account, RestRequest, Route } from './route.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const ringing = z.strictObject({
  from: z.string().default('+12025550142'),
  to: z.string().optional(),
  scenario: z.string().min(1).default('demo'),
});

/** What Twilio does not have: somebody rings, and things go wrong on purpose. */
export const EMULATOR_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/emulator/calls',
    handle: async (request, account) => {
      const wish = jsonOf(request, ringing);
      const from = e164(wish.from);
      if (from === null) throw new RestError(21212, 'from');
      const number = rungNumber(wish.to, account);
      const { exchange, studio, accountSid } = account;
      const caller = await studio.caller(wish.scenario, exchange.closing).catch(refused);
      const call = exchange.ring(inboundOrder(from, number), caller, number.sid);
      return { status: 201, json: callResource(call, accountSid) };
    },
  },
  {
    method: 'POST',
    path: '/emulator/trouble',
    handle: (request, { troubles }) => {
      const { trouble } = jsonOf(request, z.strictObject({ trouble: z.string() }));
      try {
        troubles.set(trouble);
      } catch (cause) {
        refused(cause);
      }
      return { status: 200, json: { trouble } };
    },
  },
];

function rungNumber(to: string | undefined, { numbers }: Account): OwnNumber {
  const number = to === undefined ? numbers.all.at(-1) : numbers.find(e164(to) ?? '');
  if (!number) throw new RestError(21211, 'to is none of the numbers of this account');
  if (number.voiceUrl === '') throw new RestError(21205, 'the number has no VoiceUrl');
  return number;
}

function inboundOrder(from: string, number: OwnNumber): CallOrder {
  const { voiceUrl, voiceMethod, voiceFallbackUrl, statusCallback } = number;
  return {
    to: number.phoneNumber,
    from,
    direction: 'inbound',
    begin: { url: voiceUrl, method: voiceMethod },
    fallback:
      voiceFallbackUrl === ''
        ? null
        : { url: voiceFallbackUrl, method: number.voiceFallbackMethod },
    // A number's callback tells only the end.
    statusCallback:
      statusCallback === ''
        ? null
        : { url: statusCallback, method: number.statusCallbackMethod, events: ['completed'] },
    ringTimeoutMs: DAY_MS,
    timeLimitMs: DAY_MS / 6,
    sendDigits: '',
    machineDetection: null,
    recording: null,
  };
}

function jsonOf<S extends z.ZodType>({ body }: RestRequest, schema: S): z.output<S> {
  let given: unknown;
  try {
    given = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new RestError(20001, 'the body is no JSON');
  }
  const parsed = schema.safeParse(given, { error: inOurWords });
  if (parsed.success) return parsed.data;
  const [mistake] = mistakesOf(parsed.error);
  throw new RestError(20001, `${mistake?.path || 'the body'}: ${mistake?.message}`);
}

/** What the one who asked can mend. */
function refused(cause: unknown): never {
  if (cause instanceof NoScenarioError || cause instanceof TroubleError) {
    throw new RestError(20001, cause.message);
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'scenario-invalid') {
    throw new RestError(20001, cause.message);
  }
  throw cause;
}
