import type { Method } from '../carrier/verb.ts';
import { type ErrorCode, RestError } from './rest-error.ts';

/** A request's parameters, read as Twilio reads them: an empty value is none. Throws `RestError`. */
export class Form {
  readonly #given: URLSearchParams;

  constructor(given: URLSearchParams) {
    this.#given = given;
  }

  /** Whether it is given, though perhaps empty. */
  has(name: string): boolean {
    return this.#given.has(name);
  }

  text(name: string): string {
    return this.#given.get(name)?.trim() ?? '';
  }

  list(name: string): readonly string[] {
    return this.#given.getAll(name).flatMap((value) => value.split(/[\s,]+/).filter(Boolean));
  }

  /** '' where there is none. */
  url(name: string, code: ErrorCode): string {
    const given = this.text(name);
    if (given === '') return '';
    const protocol = URL.parse(given)?.protocol;
    if (protocol === 'http:' || protocol === 'https:') return given;
    throw new RestError(code, name);
  }

  method(name: string, code: ErrorCode): Method {
    const given = this.text(name).toUpperCase();
    if (given === '' || given === 'POST') return 'POST';
    if (given === 'GET') return 'GET';
    throw new RestError(code, name);
  }

  integer(
    name: string,
    { usual, least, most }: { usual: number; least: number; most: number },
    code: ErrorCode = 20001,
  ): number {
    const given = this.text(name);
    if (given === '') return usual;
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= least && value <= most) return value;
    throw new RestError(code, `${name} is a whole number from ${least} to ${most}`);
  }

  flag(name: string): boolean {
    return this.text(name).toLowerCase() === 'true';
  }

  /** One of several words. */
  choice<const W extends string>(name: string, usual: W, words: readonly W[]): W {
    const given = this.text(name);
    if (given === '') return usual;
    const word = words.find((one) => one.toLowerCase() === given.toLowerCase());
    if (word !== undefined) return word;
    throw new RestError(20001, `${name} is one of ${words.join(', ')}`);
  }
}

/** As people write it, or null when it is no E.164 number. */
export function e164(given: string): string | null {
  const digits = given.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
