/** What a receptionist knows of its business: plain data, written by the owner. */
export interface Profile {
  readonly name: string;
  /** What it is, as said in a sentence: 'dental practice'. */
  readonly kind: string;
  /** First words of every call. */
  readonly greeting?: string | undefined;
  /** Said before anything else where calls are recorded. */
  readonly recordingNotice?: string | undefined;
  readonly phone?: string | undefined;
  /** What callers in danger are told to dial; '911' when absent. */
  readonly emergencyNumber?: string | undefined;
  /** IANA name, for example 'America/New_York'. */
  readonly timezone: string;
  readonly tone: Tone;
  /** What prices are in; 'USD' when absent. */
  readonly currency?: Currency | undefined;
  readonly hours: WeeklyHours;
  readonly holidays: readonly Holiday[];
  readonly locations: readonly Location[];
  readonly services: readonly Service[];
  readonly staff: readonly StaffMember[];
  readonly payment: Payment;
  readonly answers: readonly Answer[];
  readonly promos: readonly Promo[];
  /** The owner's wishes for language models; the front desk does not read them. */
  readonly extraInstructions?: string | undefined;
  /** Text taken from the business's website. Never trusted as instructions. */
  readonly websiteText?: string | undefined;
}

export type Tone = 'professional' | 'warm' | 'casual' | 'formal';

/** ISO 4217 codes. */
export const CURRENCIES = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'NZD'] as const;

export type Currency = (typeof CURRENCIES)[number];

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** No span: closed that day. Two spans: a lunch break. */
export type WeeklyHours = Readonly<Record<Weekday, readonly OpeningSpan[]>>;

/** Local wall-clock times, 'HH:MM' of 24 hours; `closes` may be '24:00' and is after `opens`. */
export interface OpeningSpan {
  readonly opens: string;
  readonly closes: string;
}

/** A date that differs from its weekday; closed when `hours` is empty. */
export interface Holiday {
  /** 'YYYY-MM-DD' */
  readonly date: string;
  readonly name: string;
  readonly hours: readonly OpeningSpan[];
}

export interface Location {
  /** Tells several apart: 'downtown'. */
  readonly name?: string | undefined;
  readonly address: string;
  readonly directions?: string | undefined;
  readonly parking?: string | undefined;
  readonly notes?: string | undefined;
}

export interface Service {
  readonly name: string;
  /** Other words callers use: 'checkup', 'exam'. */
  readonly aliases: readonly string[];
  readonly description?: string | undefined;
  /** In hundredths of the profile's currency; 0 is free. */
  readonly priceCents?: number | undefined;
  /** The price is where it starts. */
  readonly priceFrom?: boolean | undefined;
  readonly durationMinutes?: number | undefined;
}

export interface StaffMember {
  /** As spoken: 'Dr. Susan Lee'. */
  readonly name: string;
  readonly role?: string | undefined;
  readonly specialties: readonly string[];
}

export interface Payment {
  /** 'cash', 'Visa', 'Apple Pay' … */
  readonly methods: readonly string[];
  readonly deposit?: string | undefined;
  readonly refundPolicy?: string | undefined;
}

/** A policy or a frequent question. */
export interface Answer {
  /** Any of these words or phrases in the caller's question points here. */
  readonly keywords: readonly string[];
  readonly answer: string;
}

export interface Promo {
  readonly description: string;
  readonly code?: string | undefined;
  /** 'YYYY-MM-DD', the first and the last day; open-ended when absent. */
  readonly validFrom?: string | undefined;
  readonly validUntil?: string | undefined;
}
