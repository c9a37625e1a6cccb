import type { Profile } from '../profile.ts';

const WEEKDAY_HOURS = [{ opens: '09:00', closes: '17:30' }];

export const DENTIST: Profile = {
  name: 'Bright Smile Dental',
  kind: 'dental practice',
  greeting: 'Thank you for calling Bright Smile Dental. How can I help you?',
  phone: '+1 555 010 4477',
  timezone: 'America/New_York',
  tone: 'warm',
  hours: {
    monday: WEEKDAY_HOURS,
    tuesday: WEEKDAY_HOURS,
    wednesday: WEEKDAY_HOURS,
    thursday: WEEKDAY_HOURS,
    friday: WEEKDAY_HOURS,
    saturday: [{ opens: '10:00', closes: '14:00' }],
    sunday: [],
  },
  holidays: [
    { date: '2026-11-26', name: 'Thanksgiving', hours: [] },
    { date: '2026-12-24', name: 'Christmas Eve', hours: [{ opens: '09:00', closes: '12:00' }] },
    { date: '2026-12-25', name: 'Christmas Day', hours: [] },
  ],
  locations: [
    {
      address: '12 Maple Street, Springfield',
      directions: 'Take the number 7 bus to Maple Street',
      parking: 'There is free parking behind the building',
    },
  ],
  services: [
    {
      name: 'teeth cleaning',
      aliases: ['cleaning', 'dental cleaning'],
      description: 'A hygienist cleans and polishes your teeth',
      priceCents: 12_000,
      durationMinutes: 45,
    },
    {
      name: 'check-up',
      aliases: ['checkup', 'exam', 'examination'],
      priceCents: 8_500,
      durationMinutes: 30,
    },
    { name: 'teeth whitening', aliases: ['whitening'], priceCents: 35_000, durationMinutes: 90 },
    { name: 'filling', aliases: ['cavity'], priceCents: 15_050, priceFrom: true },
    { name: 'crown', aliases: [] },
  ],
  staff: [
    { name: 'Dr. Susan Lee', role: 'dentist', specialties: ['root canals', 'crowns'] },
    { name: 'Dr. Omar Patel', role: 'orthodontist', specialties: ['braces'] },
    { name: 'Maria Gomez', role: 'hygienist', specialties: [] },
  ],
  payment: {
    methods: ['cash', 'Visa', 'Mastercard', 'Apple Pay'],
    deposit: 'We ask for no deposit',
    refundPolicy: 'Deposits are refunded up to two days before the visit',
  },
  answers: [
    { keywords: ['insurance', 'delta dental'], answer: 'We work with most dental insurances.' },
    { keywords: ['new patients', 'new patient'], answer: 'Yes, we welcome new patients.' },
    {
      keywords: ['walk-in', 'walk in', 'without an appointment'],
      answer: 'Please call first; we see walk-ins only in pain.',
    },
  ],
  promos: [
    { description: 'Whitening is 20 percent off', code: 'SMILE', validUntil: '2026-12-31' },
    { description: 'Summer special', validUntil: '2026-08-31' },
  ],
};

export const SALON: Profile = {
  name: 'Shear Delight',
  kind: 'hair salon',
  timezone: 'Europe/London',
  tone: 'casual',
  emergencyNumber: '999',
  hours: {
    monday: [],
    tuesday: [
      { opens: '10:00', closes: '13:00' },
      { opens: '14:00', closes: '19:00' },
    ],
    wednesday: [{ opens: '10:00', closes: '18:00' }],
    thursday: [{ opens: '12:00', closes: '20:00' }],
    friday: [{ opens: '10:00', closes: '18:00' }],
    saturday: [{ opens: '09:00', closes: '16:30' }],
    sunday: [],
  },
  holidays: [],
  locations: [
    { name: 'Downtown', address: '4 High Street' },
    { name: 'Harbour', address: '9 Dock Road', parking: 'There is a car park opposite' },
  ],
  services: [
    { name: "women's haircut", aliases: ["ladies' cut"], priceCents: 6_500, durationMinutes: 60 },
    { name: "men's haircut", aliases: ["gents' cut"], priceCents: 4_000, durationMinutes: 30 },
    { name: "children's haircut", aliases: ["kids' cut"], priceCents: 2_500, durationMinutes: 30 },
    { name: 'beard trim', aliases: [], priceCents: 1_500 },
    {
      name: 'full color',
      aliases: ['dye'],
      priceCents: 9_000,
      priceFrom: true,
      durationMinutes: 120,
    },
  ],
  staff: [],
  payment: { methods: [] },
  answers: [],
  promos: [],
};

export const EMPTY: Profile = {
  name: 'Acme',
  kind: 'business',
  timezone: 'Nowhere/Wrong',
  tone: 'formal',
  hours: {
    monday: [],
    tuesday: [],
    wednesday: [],
    thursday: [],
    friday: [],
    saturday: [],
    sunday: [],
  },
  holidays: [],
  locations: [],
  services: [],
  staff: [],
  payment: { methods: [] },
  answers: [],
  promos: [],
};
