import { firstFew, type Inquiry, listed, type Told } from './inquiry.ts';
import { type KnownHoliday, knownHolidaysIn } from './known-holidays.ts';
import type { Holiday, Profile } from './profile.ts';
import { overlap, spokenPhrase } from './spoken-words.ts';
import { dateWords, spanned } from './tell-hours.ts';

/** The holiday of the profile that is called by the owner's own name for it, soonest first. */
export function ownHolidayIn(
  { holidays }: Profile,
  stems: ReadonlySet<string>,
  today: string,
): Holiday | null {
  const coming = holidays.filter(({ date }) => date >= today).sort(byDate);
  return coming.find(({ name }) => overlap(name, stems) === 1) ?? null;
}

/** The hours of the very holiday that was asked for; the weekday's hours say nothing of it. */
export function tellHolidays({ profile, phrase, stems, now }: Inquiry): Told {
  const coming = profile.holidays.filter(({ date }) => date >= now.date).sort(byDate);
  const asked = knownHolidaysIn(phrase);
  if (asked.length > 0) return tellKnown(asked, coming);
  const own = ownHolidayIn(profile, stems, now.date);
  if (own) return { text: holidayHours(own.name, own) };
  if (coming.length === 0) return { text: "I don't have any holidays on my list." };
  const closed = coming.filter(({ hours }) => hours.length === 0).map(({ name }) => name);
  if (closed.length === 0)
    return {
      text: coming
        .slice(0, 3)
        .map((one) => holidayHours(one.name, one))
        .join(' '),
    };
  return { text: `We're closed on ${firstFew(closed)}.` };
}

function tellKnown(asked: readonly KnownHoliday[], coming: readonly Holiday[]): Told {
  const found = asked.map((known) => ({ known, holiday: onList(known, coming) }));
  const hours = found.flatMap(({ known, holiday }) => (holiday ? [hoursOf(known, holiday)] : []));
  const missing = found.filter(({ holiday }) => !holiday).map(({ known }) => known.name);
  if (missing.length === 0) return { text: hours.join(' ') };
  const lack = `I don't have any hours for ${listed(missing, 'or')} on my list.`;
  const text = [...hours, lack, 'Would you like to leave a message to ask?'].join(' ');
  return { text, offersMessage: true };
}

/** By its date, whatever the owner calls it; else by its name, as where it is kept on another day. */
function onList(known: KnownHoliday, coming: readonly Holiday[]): Holiday | undefined {
  return (
    coming.find(({ date }) => date.slice(5) === known.date) ??
    coming.find(({ name }) => known.said.test(spokenPhrase(name)))
  );
}

function hoursOf(known: KnownHoliday, holiday: Holiday): string {
  return holidayHours(holiday.date.slice(5) === known.date ? known.name : holiday.name, holiday);
}

function holidayHours(name: string, { date, hours }: Holiday): string {
  const on = `On ${name}, ${dateWords(date)},`;
  return hours.length === 0 ? `${on} we're closed.` : `${on} we're open from ${spanned(hours)}.`;
}

function byDate(a: Holiday, b: Holiday): number {
  return a.date.localeCompare(b.date);
}
