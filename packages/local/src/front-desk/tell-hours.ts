import { capitalized, type Inquiry, listed, type Told, vary } from './inquiry.ts';
import {
  addDays,
  hoursOn,
  isOpenAt,
  type LocalDay,
  type LocalTime,
  nextOpenDay,
  nextWeekday,
} from './opening-hours.ts';
import { type OpeningSpan, type Profile, WEEKDAYS, type Weekday } from './profile.ts';
import { timeIn } from './time-in.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const MONTH = `(?<month>${MONTHS.join('|').toLowerCase()})`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const MONTH_DAY = new RegExp(` ${MONTH} (?:the )?${DAY} `);
const DAY_MONTH = new RegExp(` ${DAY} (?:of )?${MONTH} `);
const WEEK = [...WEEKDAYS.slice(1), WEEKDAYS[0]];
const ASKS_WHAT = / (?:what|when|how) /;
const NEARBY = / (?:today|tonight|this (?:morning|afternoon|evening)) /;

/** The day or date that the caller named; 'weekend' for both of its days. */
export function dayIn(phrase: string, now: LocalTime): LocalDay | 'weekend' | null {
  if (/ weekends? /.test(phrase)) return 'weekend';
  if (/ day after tomorrow /.test(phrase)) return addDays(now, 2);
  if (/ tomorrow /.test(phrase)) return addDays(now, 1);
  if (NEARBY.test(phrase)) return now;
  const weekday = WEEKDAYS.find((day) => new RegExp(` ${day}s? `).test(phrase));
  return weekday ? nextWeekday(now, weekday) : dateIn(phrase, now);
}

export function tellHours(inquiry: Inquiry): Told {
  const { profile, phrase, now, turn } = inquiry;
  const day = dayIn(phrase, now);
  const atTime = day === 'weekend' ? null : tellAtTime(inquiry, day);
  if (atTime) return atTime;
  if (day === 'weekend') {
    const days = [nextWeekday(now, 'saturday'), nextWeekday(now, 'sunday')];
    return { text: days.map((one) => hoursOf(profile, one, now)).join(' ') };
  }
  if (day && NEARBY.test(phrase) && isOverFor(profile, now)) {
    return { text: `We've closed for today.${opensAgain(profile, now)}` };
  }
  if (day) return { text: hoursOf(profile, day, now, !NEARBY.test(phrase)) };
  const asksWhether = / (?:are|is) (?:\w+ ){1,3}(?:open|closed) /.test(phrase);
  if (asksWhether && !ASKS_WHAT.test(phrase)) return tellOpenNow(inquiry);
  return tellWeek(profile, now, turn);
}

/** 'Are you open at three?', 'can I come on Thursday at three?' */
function tellAtTime({ profile, phrase, now }: Inquiry, day: LocalDay | null): Told | null {
  if (!/ (?:open|closed|come|stop by|drop by|drop in|pop in|swing by|visit|there) /.test(phrase))
    return null;
  const on = day ?? now;
  const spans = hoursOn(profile, on);
  const time = timeIn(phrase, spans);
  if (time === null || ASKS_WHAT.test(phrase)) return null;
  const isOpen = isOpenAt(profile, { ...on, time });
  // To 'can I come' a yes would be an appointment.
  const answers = / open /.test(phrase) ? (isOpen ? 'Yes, ' : 'No, ') : '';
  const why = reasonFor(profile, on);
  if (spans.length === 0) return { text: `${answers}${label(on, now)} we're closed${why}.` };
  const when = `${label(on, now)} we're ${isOpen ? 'open' : 'closed'} at ${clock(time)}`;
  return { text: `${answers}${when}. We're open from ${spanned(spans)}${why}.` };
}

export function tellOpenNow({ profile, now }: Inquiry): Told {
  if (isOpenAt(profile, now)) {
    const closes = hoursOn(profile, now).find((span) => now.time < span.closes)?.closes ?? '';
    return { text: `Yes, we're open until ${clock(closes)} today.` };
  }
  const later = hoursOn(profile, now).find((span) => now.time < span.opens);
  if (later) return { text: `Not right now, but we open today at ${clock(later.opens)}.` };
  return { text: `No, we're closed right now.${opensAgain(profile, now)}` };
}

/** It was open today, and is no more. */
export function isOverFor(profile: Profile, now: LocalTime): boolean {
  const spans = hoursOn(profile, now);
  return spans.length > 0 && spans.every(({ closes }) => closes <= now.time);
}

/** ' We open again tomorrow at 9 AM.', or nothing where no day is in sight. */
function opensAgain(profile: Profile, now: LocalTime): string {
  const next = nextOpenDay(profile, addDays(now, 1));
  const opens = next && hoursOn(profile, next)[0]?.opens;
  return next && opens ? ` We open again ${label(next, now)} at ${clock(opens)}.` : '';
}

/** '9 AM', '9:30 AM', 'noon', 'midnight' for 'HH:MM'. */
function clock(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  if (minutes === 0 && hours === 12) return 'noon';
  if (minutes === 0 && hours % 24 === 0) return 'midnight';
  const past = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`;
  return `${hours % 12 || 12}${past} ${hours % 24 < 12 ? 'AM' : 'PM'}`;
}

function tellWeek(profile: Profile, now: LocalTime, turn: number): Told {
  const runs = weekRuns(profile);
  const open = runs.filter(({ spans }) => spans.length > 0);
  if (open.length === 0) return { text: "I'm sorry, I don't have any opening hours on my list." };
  if (open.length > 3) {
    return { text: `${hoursOf(profile, now, now)} Which day are you interested in?`, asks: true };
  }
  const closed = runs.filter(({ spans }) => spans.length === 0);
  const lead = vary(turn, "We're open", 'Sure, our hours are');
  const hours = listed(open.map(({ days, spans }) => `${days} from ${spanned(spans)}`));
  const shut =
    closed.length > 0 ? ` We're closed on ${listed(closed.map(({ days }) => days))}.` : '';
  return { text: `${lead} ${hours}.${shut}` };
}

/** Neighbouring weekdays with the same hours, Monday first. */
function weekRuns(profile: Profile): { days: string; spans: readonly OpeningSpan[] }[] {
  const runs: { from: Weekday; to: Weekday; spans: readonly OpeningSpan[] }[] = [];
  for (const day of WEEK) {
    const spans = profile.hours[day];
    const last = runs.at(-1);
    if (last && spanned(last.spans) === spanned(spans)) last.to = day;
    else runs.push({ from: day, to: day, spans });
  }
  return runs.map(({ from, to, spans }) => ({ days: fromTo(from, to), spans }));
}

function fromTo(from: Weekday, to: Weekday): string {
  if (from === to) return capitalized(from);
  const next = WEEK[WEEK.indexOf(from) + 1] === to ? 'and' : 'to';
  return `${capitalized(from)} ${next} ${capitalized(to)}`;
}

function hoursOf(profile: Profile, day: LocalDay, now: LocalTime, byName = false): string {
  const spans = hoursOn(profile, day);
  const isToday = day.date === now.date;
  const when = capitalized(byName && isToday ? `on ${capitalized(day.weekday)}` : label(day, now));
  const why = reasonFor(profile, day);
  if (spans.length === 0) return `${when}, we're closed${why}.`;
  return `${when}, we're open from ${spanned(spans)}${why}.`;
}

function reasonFor({ holidays }: Profile, day: LocalDay): string {
  const holiday = holidays.find(({ date }) => date === day.date);
  return holiday ? `, because of ${holiday.name}` : '';
}

/** '9 AM to noon and from 2 PM to 6 PM' */
export function spanned(spans: readonly OpeningSpan[]): string {
  return spans.map(({ opens, closes }) => `${clock(opens)} to ${clock(closes)}`).join(' and from ');
}

function label(day: LocalDay, now: LocalTime): string {
  if (day.date === now.date) return 'today';
  if (day.date === addDays(now, 1).date) return 'tomorrow';
  const far = day.date > addDays(now, 7).date;
  return `on ${capitalized(day.weekday)}${far ? `, ${dateWords(day.date)}` : ''}`;
}

/** 'December 24th' or '24th of December', the next one to come. */
function dateIn(phrase: string, now: LocalTime): LocalDay | null {
  const found = MONTH_DAY.exec(phrase) ?? DAY_MONTH.exec(phrase);
  const { month: name = '', day = '0' } = found?.groups ?? {};
  const month = MONTHS.findIndex((one) => one.toLowerCase() === name);
  if (Number(day) < 1 || Number(day) > 31) return null;
  const date = `-${String(month + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const year = Number(now.date.slice(0, 4));
  const coming = `${year}${date}` < now.date ? `${year + 1}${date}` : `${year}${date}`;
  return Number.isNaN(Date.parse(coming)) ? null : addDays({ ...now, date: coming }, 0);
}

/** 'December 24' for 'YYYY-MM-DD'. */
export function dateWords(date: string): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''} ${Number(date.slice(8))}`;
}
