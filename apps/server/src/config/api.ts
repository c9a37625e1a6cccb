import { z } from 'zod';
import { isCountry } from '../phone-number.ts';
import { httpUrl, list, wholeNumber } from './fields.ts';

const countries = list
  .transform((codes) => codes.map((code) => code.toUpperCase()))
  .refine((codes) => codes.every((code) => code === '*' || isCountry(code)), {
    error: 'must be countries like US,CA,GB, or * for all',
  });

const origins = list.refine((all) => all.every((one) => one === '*' || isOrigin(one)), {
  error: 'must be origins like https://app.example.com, or *',
});

/** The variables that say who may do what through the API, and who is told. */
export const API_VARIABLES = {
  ALLOWED_COUNTRIES: countries.optional(),
  CORS_ORIGINS: origins.optional(),
  REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  CALLS_PER_MINUTE: wholeNumber(1, 100_000).default(60),
  CALLS_PER_SECOND: wholeNumber(1, 1_000).default(1),
  WEBHOOK_URL: httpUrl.optional(),
  WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
};

type ApiVariables = z.infer<z.ZodObject<typeof API_VARIABLES>>;

export interface ApiConfig {
  /** ISO 3166-1, upper case; '*': all; null: the country of our own number. */
  readonly allowedCountries: readonly string[] | null;
  /** '*': everybody; none: no page of another origin. */
  readonly corsOrigins: readonly string[];
  /** Of one key, or of one address without a key. */
  readonly requestsPerMinute: number;
  /** Calls that one key may order. */
  readonly callsPerMinute: number;
  /** That the carrier takes. */
  readonly callsPerSecond: number;
}

/** Where events are told, and what signs them. */
export interface WebhookConfig {
  readonly url: string | null;
  readonly secret: string;
}

export function apiOf(env: ApiVariables, inDevelopment: boolean): ApiConfig {
  return {
    allowedCountries: env.ALLOWED_COUNTRIES ?? null,
    corsOrigins: env.CORS_ORIGINS ?? (inDevelopment ? ['*'] : []),
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
    callsPerMinute: env.CALLS_PER_MINUTE,
    callsPerSecond: env.CALLS_PER_SECOND,
  };
}

/** Null: nobody is told, and no call may name a URL. */
export function webhookOf({ WEBHOOK_URL, WEBHOOK_SECRET }: ApiVariables): WebhookConfig | null {
  return WEBHOOK_SECRET ? { url: WEBHOOK_URL ?? null, secret: WEBHOOK_SECRET } : null;
}

/** What needs what: told as one issue a variable. */
export function apiContradictions(
  { WEBHOOK_URL, WEBHOOK_SECRET }: ApiVariables,
  inDevelopment: boolean,
): string[] {
  if (!WEBHOOK_URL) return [];
  const issues: string[] = [];
  if (!WEBHOOK_SECRET) issues.push('WEBHOOK_SECRET: must be set where WEBHOOK_URL is');
  if (!inDevelopment && !WEBHOOK_URL.startsWith('https:'))
    issues.push('WEBHOOK_URL: must be https://');
  return issues;
}

function isOrigin(text: string): boolean {
  return URL.parse(text)?.origin === text && /^https?:/.test(text);
}
