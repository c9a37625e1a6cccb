import { type OpeningSpan, type Profile, type Promo, WEEKDAYS, type Weekday } from './profile.ts';

/** A date on the business's calendar. */
export interface LocalDay {
  /** 'YYYY-MM-DD' */
  readonly date: string;
  readonly weekday: Weekday;
}

/** Date and wall-clock time where the business is. */
export interface LocalTime extends LocalDay {
  /** 'HH:MM' of 24 hours. */
  readonly time: string;
}

const DAY_MS = 86_400_000;

/** An unknown time zone counts as UTC, so that a typing error does not silence the phone. */
export function localTime(timezone: string, now: Date): LocalTime {
  const parts = Object.fromEntries(
    formatter(timezone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  return { date, weekday: weekdayOf(date), time: `${parts.hour}:${parts.minute}` };
}

export function addDays(day: LocalDay, days: number): LocalDay {
  const date = new Date(Date.parse(`${day.date}T00:00:00Z`) + days * DAY_MS)
    .toISOString()
    .slice(0, 10);
  return { date, weekday: weekdayOf(date) };
}

/** The next such weekday, today included. */
export function nextWeekday(from: LocalDay, weekday: Weekday): LocalDay {
  const ahead = (WEEKDAYS.indexOf(weekday) - WEEKDAYS.indexOf(from.weekday) + 7) % 7;
  return addDays(from, ahead);
}

/** When the business is open on that very date, holidays considered. */
export function hoursOn(profile: Profile, day: LocalDay): readonly OpeningSpan[] {
  const holiday = profile.holidays.find(({ date }) => date === day.date);
  return holiday ? holiday.hours : profile.hours[day.weekday];
}

export function isOpenAt(profile: Profile, at: LocalTime): boolean {
  return hoursOn(profile, at).some(({ opens, closes }) => opens <= at.time && at.time < closes);
}

/** The next day with opening hours, from the given one on; null when none is in sight. */
export function nextOpenDay(profile: Profile, from: LocalDay): LocalDay | null {
  for (let ahead = 0; ahead < 31; ahead++) {
    const day = addDays(from, ahead);
    if (hoursOn(profile, day).length > 0) return day;
  }
  return null;
}

export function isCurrent(promo: Promo, day: LocalDay): boolean {
  return (
    (promo.validFrom === undefined || promo.validFrom <= day.date) &&
    (promo.validUntil === undefined || day.date <= promo.validUntil)
  );
}

function weekdayOf(date: string): Weekday {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sunday';
}

function formatter(timezone: string): Intl.DateTimeFormat {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: timezone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}
