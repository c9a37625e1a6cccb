import { expect, test } from 'vitest';
import { DENTIST, SALON } from './__fixtures__/businesses.ts';
import {
  addDays,
  hoursOn,
  isCurrent,
  isOpenAt,
  localTime,
  nextOpenDay,
  nextWeekday,
} from './opening-hours.ts';

test('time is that of the business, across midnight and across clock changes', () => {
  const instant = new Date('2026-07-01T02:30:00Z');
  expect(localTime('America/New_York', instant)).toEqual({
    date: '2026-06-30',
    weekday: 'tuesday',
    time: '22:30',
  });
  expect(localTime('Asia/Tokyo', instant)).toEqual({
    date: '2026-07-01',
    weekday: 'wednesday',
    time: '11:30',
  });
  expect(localTime('Europe/London', new Date('2026-03-29T01:00:00Z')).time).toBe('02:00');
  expect(localTime('Europe/London', new Date('2026-03-29T00:59:00Z')).time).toBe('00:59');
});

test('midnight is 00:00', () => {
  expect(localTime('UTC', new Date('2026-01-01T00:00:00Z')).time).toBe('00:00');
});

test('an unknown time zone counts as UTC', () => {
  expect(localTime('Mars/Olympus', new Date('2026-01-01T12:00:00Z')).time).toBe('12:00');
});

test('a shop opens at its minute and is closed at its minute', () => {
  const at = (time: string) => isOpenAt(DENTIST, { date: '2026-11-21', weekday: 'saturday', time });
  expect([at('09:59'), at('10:00'), at('13:59'), at('14:00')]).toEqual([false, true, true, false]);
});

test('a lunch break is closed', () => {
  expect(isOpenAt(SALON, { date: '2026-11-24', weekday: 'tuesday', time: '13:30' })).toBe(false);
});

test('holidays come before weekdays', () => {
  expect(hoursOn(DENTIST, { date: '2026-12-24', weekday: 'thursday' })).toEqual([
    { opens: '09:00', closes: '12:00' },
  ]);
  expect(nextOpenDay(DENTIST, { date: '2026-12-25', weekday: 'friday' })?.date).toBe('2026-12-26');
});

test('weekdays are found across months and years', () => {
  const day = { date: '2026-12-31', weekday: 'thursday' } as const;
  expect(addDays(day, 1)).toEqual({ date: '2027-01-01', weekday: 'friday' });
  expect(nextWeekday(day, 'wednesday').date).toBe('2027-01-06');
  expect(nextWeekday(day, 'thursday').date).toBe('2026-12-31');
});

test('an offer holds on its first and on its last day', () => {
  const promo = { description: '', validFrom: '2026-12-01', validUntil: '2026-12-31' };
  const on = (date: string) => isCurrent(promo, { date, weekday: 'monday' });
  expect([on('2026-11-30'), on('2026-12-01'), on('2026-12-31'), on('2027-01-01')]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
