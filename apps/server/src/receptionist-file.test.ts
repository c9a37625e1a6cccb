import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseProfile, readReceptionist } from './receptionist-file.ts';

const shipped = (name: string) => resolve(import.meta.dirname, '../receptionists', name);

const HOURS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
  .map((day) => `  ${day}: closed`)
  .join('\n');

const MINIMAL = `name: A\nkind: shop\ntimezone: Europe/Berlin\nhours:\n${HOURS}\n`;

const read = (more: string) => parseProfile(MINIMAL + more, 'test.yaml');
const opening = (monday: string) =>
  parseProfile(MINIMAL.replace('monday: closed', `monday: ${monday}`), 'test.yaml').hours.monday;

test('the dental practice and the hair salon that ship are right', async () => {
  const dentist = await readReceptionist(shipped('dental-practice.yaml'));
  expect(dentist).toMatchObject({ name: 'Bright Smile Dental', timezone: 'America/New_York' });
  expect(dentist.services[0]).toMatchObject({ priceCents: 12_000, durationMinutes: 45 });
  expect(dentist.services.find(({ name }) => name === 'filling')).toMatchObject({
    priceCents: 15_000,
    priceFrom: true,
  });
  const salon = await readReceptionist(shipped('hair-salon.yaml'));
  expect([dentist.currency, salon.currency]).toEqual(['USD', 'GBP']);
  expect(salon.hours.tuesday).toEqual([
    { opens: '10:00', closes: '13:00' },
    { opens: '14:00', closes: '19:00' },
  ]);
});

test('JSON is read as well', () => {
  const hours = Object.fromEntries(
    ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((day) => [
      day,
      '9-17',
    ]),
  );
  const file = { name: 'A', kind: 'shop', timezone: 'UTC', hours };
  expect(parseProfile(JSON.stringify(file), 'a.json').hours.friday).toEqual([
    { opens: '09:00', closes: '17:00' },
  ]);
});

test.each([
  ['closed', []],
  ['9-17', [{ opens: '09:00', closes: '17:00' }]],
  ['9:30 to 24:00', [{ opens: '09:30', closes: '24:00' }]],
  [
    '8:00–12:00, 13:00–18:15',
    [
      { opens: '08:00', closes: '12:00' },
      { opens: '13:00', closes: '18:15' },
    ],
  ],
])('opening hours are read: %s', (written, spans) => {
  expect(opening(written)).toEqual(spans);
});

test.each([
  'always',
  '17-9',
  '9-9',
  '9:00-24:30',
  '25-26',
  '13-15, 9-12',
  '9-12, 11-15',
  '""',
  '9',
])('opening hours that make no sense are refused: %s', (written) => {
  expect(() => opening(written)).toThrow(/hours\.monday: /);
});

test('opening hours past midnight are refused with how they are written', () => {
  expect(() => opening('12-14, 18-2:30')).toThrow(
    'hours.monday: times past midnight are written as those of two days: 18:00-24:00 here, 00:00-02:30 at the next one',
  );
  expect(opening('00:00-02:30, 18:00-24:00')).toEqual([
    { opens: '00:00', closes: '02:30' },
    { opens: '18:00', closes: '24:00' },
  ]);
});

describe('a file that is not right', () => {
  test.each([
    ['staff.0.name', 'staff:\n  - role: dentist\n'],
    ['services.0', 'services:\n  - { name: cut, price: 1, price_from: 2 }\n'],
    ['services.0.price', 'services:\n  - { name: cut, price: "$5" }\n'],
    ['services.0.price', 'services:\n  - name: cut\n    price: 19,50 €\n'],
    ['currency', 'currency: Euro\n'],
    ['holidays.0.date', 'holidays:\n  - { date: "24.12.", name: X, hours: closed }\n'],
    ['tone', 'tone: rude\n'],
    ['openinghours', 'openinghours: 9-17\n'],
  ])('is told by its field: %s', (field, more) => {
    expect(() => read(more)).toThrow(`  ${field}: `);
  });

  test.each([
    [MINIMAL.replace('  sunday: closed\n', ''), 'hours.sunday: is missing'],
    [`${MINIMAL}emergency_number: 112\n`, 'emergency_number: must be in quotes: "112"'],
    [MINIMAL.replace('name: A', 'name: ""'), 'name: is empty'],
    [MINIMAL.replace('name: A', 'name:'), 'name: is empty'],
    [
      MINIMAL.replace('name: A', `name: ${'A'.repeat(101)}`),
      'name: must have a length of at most 100',
    ],
    [MINIMAL.replace('name: A', 'name: 🚲🚲🚲'), 'name: has no words that can be spoken'],
    [`${MINIMAL}greeting: "…"\n`, 'greeting: has no words that can be spoken'],
    ['', 'file: is empty'],
  ])('is told in words for its owner: %j', (content, words) => {
    expect(() => parseProfile(content, 'x.yaml')).toThrow(`  ${words}`);
  });

  test('says how prices are written', () => {
    const wrong = 'services:\n  - name: cut\n    price: 19,50 €\n';
    expect(() => read(wrong)).toThrow('services.0.price: must be a number like 19.50');
  });

  test('tells of everything that is wrong at once', () => {
    const wrong = 'tone: rude\nstaff: none\n';
    expect(() => read(wrong)).toThrow(/tone[\s\S]*staff|staff[\s\S]*tone/);
  });

  test.each([
    ['not YAML', ': : :\n\t- ['],
    ['no object', 'just words'],
    ['empty', ''],
    [
      'an alias bomb',
      'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]',
    ],
    ['too large', `website_text: ${'x'.repeat(600_000)}`],
  ])('because it is %s gives an error with a code', (_, content) => {
    expect(() => parseProfile(content, 'x.yaml')).toThrow(
      expect.objectContaining({ code: 'bad-profile' }),
    );
  });

  test('because it is not there, or a folder, says so', async () => {
    await expect(readReceptionist('/nowhere/x.yaml')).rejects.toMatchObject({
      code: 'bad-profile',
      message: 'The receptionist /nowhere/x.yaml cannot be read: there is no such file',
    });
    await expect(readReceptionist(import.meta.dirname)).rejects.toThrow('it is a folder');
  });

  test('for its time zone names it', () => {
    const wrong = MINIMAL.replace('Europe/Berlin', 'Europe/Atlantis');
    expect(() => parseProfile(wrong, 'x.yaml')).toThrow('timezone: must be a time zone');
  });
});
