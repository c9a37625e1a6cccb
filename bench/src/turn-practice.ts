import type { OpeningSpan, Profile } from '@earshot/local';

const ALL_DAY: readonly OpeningSpan[] = [{ opens: '08:00', closes: '18:00' }];

/** Somebody for the front desk to answer for. */
export const PRACTICE: Profile = {
  name: 'Bright Smile Dental',
  kind: 'dental practice',
  timezone: 'America/New_York',
  tone: 'warm',
  hours: {
    sunday: [],
    monday: ALL_DAY,
    tuesday: ALL_DAY,
    wednesday: ALL_DAY,
    thursday: ALL_DAY,
    friday: ALL_DAY,
    saturday: [],
  },
  holidays: [],
  locations: [{ address: '12 Main Street' }],
  services: [{ name: 'cleaning', aliases: ['checkup'], priceCents: 12_000 }],
  staff: [{ name: 'Dr. Susan Lee', role: 'dentist', specialties: [] }],
  payment: { methods: ['cash', 'Visa'] },
  answers: [],
  promos: [],
};
