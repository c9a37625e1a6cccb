import type { Destination } from '@earshot/calls';
import {
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';

/** The number as E.164 has it, or null: it is none, or is not written with its country's code. */
export function e164(written: string): string | null {
  const parsed = parse(written.trim());
  return parsed && parsed.ext === undefined ? parsed.number : null;
}

/** What the numbering plans tell of a number in E.164. */
export function destinationOf(e164: string): Destination {
  const parsed = parse(e164);
  return { e164, country: parsed?.country ?? null, type: parsed?.getType() ?? null };
}

/** ISO 3166-1, upper case. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

function parse(number: string): PhoneNumber | null {
  if (!number.startsWith('+')) return null;
  try {
    const parsed = parsePhoneNumberWithError(number, { extract: false });
    return /^\+[1-9]\d{6,14}$/.test(parsed.number) && parsed.isPossible() ? parsed : null;
  } catch {
    return null;
  }
}
