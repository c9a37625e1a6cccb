import { CallError } from './call-error.ts';
import { RateLimit } from './rate-limit.ts';

/** A number, and what the numbering plans tell of it. */
export interface Destination {
  readonly e164: string;
  /** ISO 3166-1; null: of no country, or of one that cannot be told. */
  readonly country: string | null;
  /** In libphonenumber's words, for example `MOBILE`; null: no number that is given out there. */
  readonly type: string | null;
}

export interface DestinationsOptions {
  /** ISO 3166-1; `*`: all; null: only that of our own number. */
  readonly countries: readonly string[] | null;
  /** E.164. Called by ourselves, it would be answered by ourselves. */
  readonly ownNumber: string;
  readonly ownCountry: string;
  /** So many calls in an hour are ordered with one key. */
  readonly hourlyPerKey?: number;
  /** So many calls in an hour go to one number, whoever orders them. */
  readonly hourlyPerNumber?: number;
  /** Milliseconds, of a clock that is not set back. */
  readonly now: () => number;
}

/**
 * Codes of no country (ITU-T E.164 list of assigned codes): satellites (870, 881), networks that span
 * countries (882, 883), relief (888) and premium rate (979). 800, 808 and 878 are paid by whoever is
 * called, shared, and personal: carriers connect them from some countries only, at prices of their own.
 */
const CODES_OF_NO_COUNTRY = /^\+(?:800|808|870|878|881|882|883|888|979)/;

/** Exchange 976 is premium rate in each area of +1, and the plans tell of it as of any line. */
const PREMIUM_EXCHANGE = /^\+1\d{3}976\d{4}$/;

/** At least seven digits: emergency and short numbers have fewer, with their country's code, too. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** What fraudsters have others dial, since they are paid for it, and what costs as much as those. */
const REFUSED_TYPES: ReadonlySet<string> = new Set([
  'PREMIUM_RATE',
  'SHARED_COST',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]);

const HOUR_MS = 3_600_000;

/** Where calls may go, and how often. */
export class Destinations {
  readonly #ownNumber: string;
  readonly #countries: ReadonlySet<string>;
  readonly #perKey: RateLimit;
  readonly #perNumber: RateLimit;
  readonly #now: () => number;

  constructor({
    countries,
    ownNumber,
    ownCountry,
    hourlyPerKey = 600,
    hourlyPerNumber = 30,
    now,
  }: DestinationsOptions) {
    this.#ownNumber = ownNumber;
    this.#countries = new Set(countries ?? [ownCountry]);
    this.#perKey = new RateLimit({ most: hourlyPerKey, windowMs: HOUR_MS });
    this.#perNumber = new RateLimit({ most: hourlyPerNumber, windowMs: HOUR_MS });
    this.#now = now;
  }

  /** Throws a `CallError` for a number that is not called. Nothing is counted. */
  check(destination: Destination): void {
    const { e164, country, type } = destination;
    if (!E164.test(e164)) throw new CallError('bad-number', 'This is no number in E.164');
    if (e164 === this.#ownNumber) throw notAllowed('Our own number is not called');
    if (CODES_OF_NO_COUNTRY.test(e164) || country === null)
      throw notAllowed('Only numbers of a country are called');
    if (!this.#countries.has('*') && !this.#countries.has(country))
      throw notAllowed(`Numbers of ${country} are not called here`);
    if (type === null) throw new CallError('bad-number', 'There is no such number in its country');
    if (REFUSED_TYPES.has(type) || PREMIUM_EXCHANGE.test(e164))
      throw notAllowed('Numbers of this kind are not called');
  }

  /** Checks a call to be ordered with this key, and counts it unless it throws a `CallError`. */
  take(destination: Destination, keyId: string): void {
    this.check(destination);
    const nowMs = this.#now();
    const { e164 } = destination;
    if (this.#perNumber.waitMs(e164, nowMs) > 0)
      throw new CallError('rate-limited', 'This number was called too often');
    if (!this.#perKey.take(keyId, nowMs))
      throw new CallError('rate-limited', 'Too many calls were ordered with this key');
    this.#perNumber.take(e164, nowMs);
  }

  /** Milliseconds until `take` would count such a call; 0: at once. */
  waitMs({ e164 }: Destination, keyId: string): number {
    const nowMs = this.#now();
    return Math.max(this.#perNumber.waitMs(e164, nowMs), this.#perKey.waitMs(keyId, nowMs));
  }
}

function notAllowed(message: string): CallError {
  return new CallError('destination-not-allowed', message);
}
