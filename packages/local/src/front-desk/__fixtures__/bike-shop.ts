import type { Profile } from '../profile.ts';

const LUNCH = [
  { opens: '09:00', closes: '12:30' },
  { opens: '14:00', closes: '18:30' },
];

export const BIKE_SHOP: Profile = {
  name: 'Köhler',
  kind: 'bike repair shop',
  timezone: 'Europe/Berlin',
  tone: 'casual',
  emergencyNumber: '112',
  currency: 'EUR',
  hours: {
    monday: [],
    tuesday: LUNCH,
    wednesday: LUNCH,
    thursday: LUNCH,
    friday: [{ opens: '09:00', closes: '18:30' }],
    saturday: [{ opens: '09:00', closes: '13:00' }],
    sunday: [],
  },
  holidays: [
    { date: '2026-12-24', name: 'Heiligabend', hours: [{ opens: '09:00', closes: '12:00' }] },
    { date: '2026-12-25', name: 'Christmas Day', hours: [] },
  ],
  locations: [{ address: 'Schönhauser Allee 36, Berlin' }],
  services: [
    {
      name: 'flat tire repair',
      aliases: ['flat tire', 'puncture'],
      priceCents: 1_950,
      durationMinutes: 20,
    },
    { name: 'full service', aliases: ['tune-up', 'inspection'], priceCents: 8_990 },
    { name: 'brake adjustment', aliases: ['brakes'], priceCents: 2_500, priceFrom: true },
    {
      name: 'e-bike battery check',
      aliases: ['battery check'],
      priceCents: 0,
      description: "We measure your battery's capacity",
    },
  ],
  staff: [
    { name: 'Jürgen Köhler', role: 'master mechanic', specialties: ['e-bikes'] },
    { name: 'Zoë Müller', role: 'mechanic', specialties: ['wheels'] },
  ],
  payment: { methods: ['cash', 'girocard'] },
  answers: [
    {
      keywords: ['rental', 'rent a bike', 'rent'],
      answer: 'We rent city bikes for fifteen euros a day.',
    },
  ],
  promos: [{ description: 'Winter check is ten euros off', validUntil: '2026-12-31' }],
};
