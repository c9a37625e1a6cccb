import { z } from 'zod';

/** Kinds of variables, each with a message that says in plain words what it must be. */

export function choice<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  const isInRange = (text: string) =>
    /^\s*\d{1,15}\s*$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z.string().refine(isInRange, { error }).transform(Number);
}

const ON = ['true', '1', 'yes', 'on'];
const OFF = ['false', '0', 'no', 'off'];

export const yesOrNo = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => [...ON, ...OFF].includes(text), { error: 'must be true or false' })
  .transform((text) => ON.includes(text));

export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http:// or https:// URL',
});

/** What paths are put behind: ends without a slash. */
export const baseUrl = httpUrl.transform((url) => url.replace(/\/+$/, ''));

/** Parts between commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
