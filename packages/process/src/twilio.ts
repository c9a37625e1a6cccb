import { z } from 'zod';
import { baseUrl, wholeNumber } from './fields.ts';

/** The variables that say whose calls these are, and how they are placed. */
export const TWILIO_VARIABLES = {
  TWILIO_ACCOUNT_SID: z
    .string('must be set')
    .regex(/^AC[0-9a-fA-F]{32}$/, 'must be AC and 32 hexadecimal digits'),
  TWILIO_AUTH_TOKEN: z.string('must be set').min(16, 'is too short for an auth token'),
  TWILIO_API_BASE_URL: baseUrl.optional(),
  CALLS_PER_SECOND: wholeNumber(1, 1_000).default(1),
};
