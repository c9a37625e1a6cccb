import { HOURS } from './entity-words.ts';
import type { OpeningSpan } from './profile.ts';

const MINUTES: Readonly<Record<string, number>> = {
  fifteen: 15,
  thirty: 30,
  'forty five': 45,
};
const HOUR = `(\\d{1,2}|${HOURS.join('|')})`;
const MINUTE = `(?: (\\d{2}|${Object.keys(MINUTES).join('|')}))?`;
const HALF = '(?: ?(am|pm|a m|p m))?';
const AT = new RegExp(
  ` (?:at|around|about|by) (half past |quarter past |quarter to )?${HOUR}${MINUTE}${HALF}(?: o clock| o'clock)? (?!(?:minutes?|hours?|days?|weeks?) )`,
);
const MARKED = new RegExp(`(?<! (?:until|till|before|after|from|to)) ()${HOUR}${MINUTE} ?(am|pm) `);
const PARTS = { 'half past ': 30, 'quarter past ': 15, 'quarter to ': -15 } as const;

/**
 * The moment that a phrase of `spokenPhrase` names, 'HH:MM' of 24 hours; null when there is none. A
 * time that may be of the morning or of the afternoon is the one within the opening hours, or else
 * the one at which people are awake.
 */
export function timeIn(phrase: string, spans: readonly OpeningSpan[]): string | null {
  if (/ (?:at|around|about|by) noon /.test(phrase)) return '12:00';
  const match = MARKED.exec(phrase) ?? AT.exec(phrase);
  const [, part = '', hourWord = '', minuteWord = '', half = ''] = match ?? [];
  const hour = HOURS.includes(hourWord) ? HOURS.indexOf(hourWord) + 1 : Number(hourWord);
  const minute = MINUTES[minuteWord] ?? Number(minuteWord);
  const minutes = hour * 60 + minute + (PARTS[part as keyof typeof PARTS] ?? 0);
  if (match === null || hour > 23 || minute > 59) return null;
  const morning = clock(hour === 12 ? minutes - 720 : minutes);
  const evening = clock(hour === 12 ? minutes : minutes + 720);
  if (hour > 12 || hour === 0) return clock(minutes);
  if (half !== '') return half.startsWith('a') ? morning : evening;
  if (/ (?:tonight|evening|afternoon) /.test(phrase)) return evening;
  if (/ morning /.test(phrase)) return morning;
  const isOpen = (time: string) =>
    spans.some(({ opens, closes }) => opens <= time && time < closes);
  const open = [morning, evening].filter(isOpen);
  if (open.length === 1) return open[0] ?? null;
  return hour < 7 || hour === 12 ? evening : morning;
}

function clock(minutes: number): string {
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${hour}:${String(minutes % 60).padStart(2, '0')}`;
}
