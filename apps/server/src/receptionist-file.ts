import { CURRENCIES, type Profile } from '@earshot/local';
import { inWordsForFiles, mistakesOf, readText, UnreadableError } from '@earshot/process';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { openingTimes } from './opening-times.ts';

/** No business needs more to be described; what is larger is some other file. */
const MOST_BYTES = 512 * 1024;

/** Callers hear it whole in the greeting and at the goodbye. */
const MOST_OF_A_NAME = 100;

const text = z.string().trim().min(1);
const spoken = text.regex(/[\p{L}\p{N}]/u, 'has no words that can be spoken');
const words = z.array(text).default([]);
const date = z.iso.date('must be a date like 2026-12-24');
const price = z
  .number({
    error: 'must be a number like 19.50: a point, no sign; its money is told by "currency"',
  })
  .nonnegative();
const timezone = text.refine(isTimezone, 'must be a time zone like America/New_York');

const location = z.strictObject({
  name: text.optional(),
  address: text,
  directions: text.optional(),
  parking: text.optional(),
  notes: text.optional(),
});

const service = z
  .strictObject({
    name: text,
    aliases: words,
    description: text.optional(),
    price: price.optional(),
    price_from: price.optional(),
    duration_minutes: z.number().int().positive().optional(),
  })
  .refine(({ price, price_from }) => price === undefined || price_from === undefined, {
    error: 'has price or price_from, not both',
  });

const staffMember = z.strictObject({ name: text, role: text.optional(), specialties: words });

const payment = z.strictObject({
  methods: words,
  deposit: text.optional(),
  refund_policy: text.optional(),
});

const promo = z.strictObject({
  description: text,
  code: text.optional(),
  valid_from: date.optional(),
  valid_until: date.optional(),
});

const File = z.strictObject({
  name: spoken.max(MOST_OF_A_NAME),
  kind: text,
  greeting: spoken.optional(),
  recording_notice: spoken.optional(),
  phone: text.optional(),
  emergency_number: text.optional(),
  timezone,
  tone: z.enum(['professional', 'warm', 'casual', 'formal']).default('professional'),
  currency: z.enum(CURRENCIES).default('USD'),
  hours: z.strictObject({
    sunday: openingTimes,
    monday: openingTimes,
    tuesday: openingTimes,
    wednesday: openingTimes,
    thursday: openingTimes,
    friday: openingTimes,
    saturday: openingTimes,
  }),
  holidays: z.array(z.strictObject({ date, name: text, hours: openingTimes })).default([]),
  locations: z.array(location).default([]),
  services: z.array(service).default([]),
  staff: z.array(staffMember).default([]),
  payment: payment.default({ methods: [] }),
  answers: z.array(z.strictObject({ keywords: z.array(text).min(1), answer: text })).default([]),
  promos: z.array(promo).default([]),
  extra_instructions: text.optional(),
  website_text: text.optional(),
});

/** What is wrong with a profile, line by line for its owner. */
class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly code = 'bad-profile';
}

/** Reads a receptionist's profile from a YAML or JSON file. Throws a `ProfileError`. */
export async function readReceptionist(path: string): Promise<Profile> {
  const content = await readText(path).catch((cause) => {
    if (!(cause instanceof UnreadableError)) throw cause;
    throw new ProfileError(`The receptionist ${path} cannot be read: ${cause.message}`, { cause });
  });
  return parseProfile(content, path);
}

/** JSON is YAML too. `source` is named in errors. */
export function parseProfile(content: string, source: string): Profile {
  if (Buffer.byteLength(content) > MOST_BYTES)
    throw new ProfileError(`The receptionist ${source} is larger than 512 kB`);
  const parsed = File.safeParse(readYaml(content, source), { error: inWordsForFiles });
  if (parsed.success) return profileOf(parsed.data);
  const issues = mistakesOf(parsed.error).map(
    ({ path, message }) => `  ${path || 'file'}: ${message}`,
  );
  throw new ProfileError(`The receptionist ${source} is not right:\n${issues.join('\n')}`);
}

function readYaml(content: string, source: string): unknown {
  try {
    return parse(content, { maxAliasCount: 20 });
  } catch (cause) {
    const where = cause instanceof YAMLParseError ? `: ${cause.message}` : '';
    throw new ProfileError(`The receptionist ${source} is not YAML${where}`, { cause });
  }
}

function profileOf(file: z.infer<typeof File>): Profile {
  const { emergency_number, recording_notice, extra_instructions, website_text, ...rest } = file;
  return {
    ...rest,
    recordingNotice: recording_notice,
    emergencyNumber: emergency_number,
    services: file.services.map(({ price, price_from, duration_minutes, ...service }) => ({
      ...service,
      priceCents: cents(price ?? price_from),
      priceFrom: price_from === undefined ? undefined : true,
      durationMinutes: duration_minutes,
    })),
    payment: {
      methods: file.payment.methods,
      deposit: file.payment.deposit,
      refundPolicy: file.payment.refund_policy,
    },
    promos: file.promos.map(({ valid_from, valid_until, ...promo }) => ({
      ...promo,
      validFrom: valid_from,
      validUntil: valid_until,
    })),
    extraInstructions: extra_instructions,
    websiteText: website_text,
  };
}

function cents(price: number | undefined): number | undefined {
  return price === undefined ? undefined : Math.round(price * 100);
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format().length > 0;
  } catch {
    return false;
  }
}
