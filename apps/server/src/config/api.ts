import { httpUrl, list, TWILIO_VARIABLES, wholeNumber, yesOrNo } from '@earshot/process';
import { z } from 'zod';
import { isCountry } from '../phone-number.ts';
import { objectionTo, type Reach } from '../webhooks/webhook-url.ts';

const countries = list
  .transform((codes) => codes.map((code) => code.toUpperCase()))
  .refine((codes) => codes.every((code) => code === '*' || isCountry(code)), {
    error: 'must be countries like US,CA,GB, or * for all',
  });

const origins = list.refine((all) => all.every((one) => one === '*' || isOrigin(one)), {
  error: 'must be origins like https://app.example.com, or *',
});

const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'] as const;
const network = z.union([z.enum(NETWORKS), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const proxies = list.refine((all) => all.every((one) => network.safeParse(one).success), {
  error: `must be addresses or networks like 10.0.0.0/8, or ${NETWORKS.join(', ')}`,
});

/** The variables that say who may do what through the API, and who is told. */
export const API_VARIABLES = {
  ALLOWED_COUNTRIES: countries.optional(),
  CORS_ORIGINS: origins.optional(),
  TRUSTED_PROXIES: proxies.default([]),
  REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  CALLS_PER_HOUR: wholeNumber(1, 1_000_000).default(600),
  CALLS_PER_SECOND: TWILIO_VARIABLES.CALLS_PER_SECOND,
  WEBHOOK_URL: httpUrl.optional(),
  WEBHOOK_ALLOW_LOOPBACK: yesOrNo.default(false),
  WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
};

type ApiVariables = z.infer<z.ZodObject<typeof API_VARIABLES>>;

export interface ApiConfig {
  /** ISO 3166-1, upper case; '*': all; null: the country of our own number. */
  readonly allowedCountries: readonly string[] | null;
  /** '*': everybody; none: no page of another origin. */
  readonly corsOrigins: readonly string[];
  /** Of proxies in front of us, whose word counts for who asks. */
  readonly trustedProxies: readonly string[];
  /** Of one key. */
  readonly requestsPerMinute: number;
  /** That one key may order. */
  readonly callsPerHour: number;
  /** That the carrier takes. */
  readonly callsPerSecond: number;
}

/** Where events are told, and what signs them. */
export interface WebhookConfig {
  readonly url: string | null;
  readonly secret: string;
  readonly reach: Reach;
}

export function apiOf(env: ApiVariables, inDevelopment: boolean): ApiConfig {
  return {
    allowedCountries: env.ALLOWED_COUNTRIES ?? null,
    corsOrigins: env.CORS_ORIGINS ?? (inDevelopment ? ['*'] : []),
    trustedProxies: env.TRUSTED_PROXIES,
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
    callsPerHour: env.CALLS_PER_HOUR,
    callsPerSecond: env.CALLS_PER_SECOND,
  };
}

/** Null: nobody is told, and no call may name a URL. */
export function webhookOf(env: ApiVariables, inDevelopment: boolean): WebhookConfig | null {
  const { WEBHOOK_URL, WEBHOOK_SECRET } = env;
  if (!WEBHOOK_SECRET) return null;
  const reach = reachOf(env, inDevelopment);
  return { url: WEBHOOK_URL ?? null, secret: WEBHOOK_SECRET, reach };
}

/** Addresses of the public internet by https; in development by http, and this machine if told so. */
function reachOf({ WEBHOOK_ALLOW_LOOPBACK }: ApiVariables, inDevelopment: boolean): Reach {
  return { plain: inDevelopment, loopback: inDevelopment && WEBHOOK_ALLOW_LOOPBACK };
}

/** What needs what: told as one issue a variable. */
export function apiContradictions(env: ApiVariables, inDevelopment: boolean): string[] {
  const { WEBHOOK_URL, WEBHOOK_SECRET } = env;
  if (!WEBHOOK_URL) return [];
  const objection = objectionTo(WEBHOOK_URL, reachOf(env, inDevelopment));
  return [
    ...(WEBHOOK_SECRET ? [] : ['WEBHOOK_SECRET: must be set where WEBHOOK_URL is']),
    ...(objection === null ? [] : [`WEBHOOK_URL: ${objection}`]),
  ];
}

function isOrigin(text: string): boolean {
  return URL.parse(text)?.origin === text && /^https?:/.test(text);
}
