import type { OpeningSpan } from '@earshot/local';
import { z } from 'zod';

const CLOCK = String.raw`([01]?\d|2[0-4])(?::([0-5]\d))?`;
const SPAN = new RegExp(String.raw`^\s*${CLOCK}\s*(?:-|–|to)\s*${CLOCK}\s*$`);

/** 'closed', '9:00-17:30', or '9:00-12:00, 13:00-17:00'. */
export const openingTimes = z.string().transform((written, context): readonly OpeningSpan[] => {
  if (/^\s*closed\s*$/i.test(written)) return [];
  const spans = written.split(',').map(readSpan);
  const read = spans.filter((span) => span !== null);
  const late = read.find(({ opens, closes }) => closes < opens);
  const ordered = read.every(
    ({ opens, closes }, i) =>
      opens < closes && closes <= '24:00' && opens >= (read[i - 1]?.closes ?? ''),
  );
  if (late) context.addIssue(pastMidnight(late));
  else if (read.length < spans.length || !ordered)
    context.addIssue('must be "closed" or opening times in order, like "9:00-12:00, 13:00-17:30"');
  return read;
});

function readSpan(written: string): OpeningSpan | null {
  const [whole, opensHour, opensMinute, closesHour, closesMinute] = SPAN.exec(written) ?? [];
  if (whole === undefined) return null;
  return { opens: clock(opensHour, opensMinute), closes: clock(closesHour, closesMinute) };
}

function clock(hour = '', minute = '00'): string {
  return `${hour.padStart(2, '0')}:${minute}`;
}

function pastMidnight({ opens, closes }: OpeningSpan): string {
  return `times past midnight are written as those of two days: ${opens}-24:00 here, 00:00-${closes} at the next one`;
}
