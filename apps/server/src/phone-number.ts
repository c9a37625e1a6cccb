import { isSupportedCountry, parsePhoneNumberWithError } from 'libphonenumber-js/max';

/** The number as E.164 has it, or null: it is none, or is not written with its country's code. */
export function e164(written: string): string | null {
  const text = written.trim();
  if (!text.startsWith('+')) return null;
  try {
    const { number, ext } = parsePhoneNumberWithError(text);
    return ext === undefined && /^\+[1-9]\d{6,14}$/.test(number) ? number : null;
  } catch {
    return null;
  }
}

/** ISO 3166-1, upper case. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}
