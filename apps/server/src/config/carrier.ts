import { choice, TWILIO_VARIABLES } from '@earshot/process';
import { z } from 'zod';
import { e164 } from '../phone-number.ts';

/**
 * What requests are signed with while no `TWILIO_AUTH_TOKEN` is set: the emulator's token, known to
 * everybody. It is taken in development only, and only from this machine.
 */
export const DEVELOPMENT_AUTH_TOKEN = 'earshot-development-token';
/** The emulator's account, and the number that it gives us. */
const DEVELOPMENT_ACCOUNT_SID = `AC${'0'.repeat(32)}`;
export const DEVELOPMENT_NUMBER = '+12025550100';

/** The variables that say who connects calls. */
export const CARRIER_VARIABLES = {
  TWILIO_ACCOUNT_SID: TWILIO_VARIABLES.TWILIO_ACCOUNT_SID.optional(),
  TWILIO_AUTH_TOKEN: TWILIO_VARIABLES.TWILIO_AUTH_TOKEN.optional(),
  TWILIO_AUTH_TOKEN_SECONDARY: TWILIO_VARIABLES.TWILIO_AUTH_TOKEN.optional(),
  TWILIO_PHONE_NUMBER: z
    .string()
    .refine((text) => e164(text) !== null, 'must be a phone number like +12025550100')
    .optional(),
  TWILIO_API_BASE_URL: TWILIO_VARIABLES.TWILIO_API_BASE_URL,
  EMULATOR: choice('auto', 'never').default('auto'),
};

type CarrierVariables = z.infer<z.ZodObject<typeof CARRIER_VARIABLES>>;

export interface Auth {
  /** Two while one replaces the other. */
  readonly tokens: readonly [string, ...string[]];
  /** Requests count only when they come from this machine. */
  readonly localOnly: boolean;
}

/** `none`: calls come in, and none go out. `emulator`: comes along, on this machine. */
export type CarrierConfig =
  | { readonly type: 'none' }
  | { readonly type: 'emulator'; readonly accountSid: string; readonly phoneNumber: string }
  | {
      readonly type: 'twilio';
      readonly accountSid: string;
      readonly phoneNumber: string;
      /** Null: Twilio's own. */
      readonly apiBaseUrl: string | null;
    };

export function authOf({ TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_SECONDARY }: CarrierVariables): Auth {
  if (!TWILIO_AUTH_TOKEN) return { tokens: [DEVELOPMENT_AUTH_TOKEN], localOnly: true };
  const secondary = TWILIO_AUTH_TOKEN_SECONDARY ? [TWILIO_AUTH_TOKEN_SECONDARY] : [];
  return { tokens: [TWILIO_AUTH_TOKEN, ...secondary], localOnly: false };
}

export function carrierOf(env: CarrierVariables, inDevelopment: boolean): CarrierConfig {
  const { TWILIO_ACCOUNT_SID, TWILIO_PHONE_NUMBER, TWILIO_API_BASE_URL = null } = env;
  const phoneNumber = e164(TWILIO_PHONE_NUMBER ?? DEVELOPMENT_NUMBER) ?? DEVELOPMENT_NUMBER;
  if (TWILIO_ACCOUNT_SID)
    return {
      type: 'twilio',
      accountSid: TWILIO_ACCOUNT_SID,
      phoneNumber,
      apiBaseUrl: TWILIO_API_BASE_URL,
    };
  if (inDevelopment && !env.TWILIO_AUTH_TOKEN && env.EMULATOR === 'auto')
    return { type: 'emulator', accountSid: DEVELOPMENT_ACCOUNT_SID, phoneNumber };
  return { type: 'none' };
}

/** What needs what: told as one issue a variable. */
export function carrierContradictions(env: CarrierVariables): string[] {
  const issues: string[] = [];
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, TWILIO_API_BASE_URL } = env;
  if (TWILIO_ACCOUNT_SID && !TWILIO_AUTH_TOKEN)
    issues.push('TWILIO_AUTH_TOKEN: must be set where TWILIO_ACCOUNT_SID is');
  if (TWILIO_ACCOUNT_SID && !TWILIO_PHONE_NUMBER)
    issues.push(
      'TWILIO_PHONE_NUMBER: must be set where TWILIO_ACCOUNT_SID is: calls go out from it',
    );
  if (TWILIO_API_BASE_URL && !TWILIO_ACCOUNT_SID)
    issues.push('TWILIO_ACCOUNT_SID: must be set where TWILIO_API_BASE_URL is');
  return issues;
}
