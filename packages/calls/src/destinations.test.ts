import { expect, test } from 'vitest';
import { type Destination, Destinations, type DestinationsOptions } from './destinations.ts';

const US: Destination = { e164: '+12025550143', country: 'US', type: 'FIXED_LINE_OR_MOBILE' };
const GB: Destination = { e164: '+442071838750', country: 'GB', type: 'FIXED_LINE' };

function destinations(options: Partial<DestinationsOptions> = {}): Destinations {
  return new Destinations({
    countries: null,
    ownNumber: '+12025550100',
    ownCountry: 'US',
    now: () => 0,
    ...options,
  });
}

const everywhere = () => destinations({ countries: ['*'] });

test('numbers of our own number’s country are called, and no others', () => {
  destinations().check(US);
  destinations().check({ e164: '+18005551234', country: 'US', type: 'TOLL_FREE' });
  expect(() => destinations().check(GB)).toThrow('GB');
  const jamaica = { e164: '+18765551234', country: 'JM', type: 'MOBILE' };
  expect(() => destinations().check(jamaica)).toThrow(
    expect.objectContaining({ code: 'destination-not-allowed', retryable: false }),
  );
});

test('our own number is not called, wherever calls may go', () => {
  const own = { ...US, e164: '+12025550100' };
  for (const rules of [destinations(), everywhere()])
    expect(() => rules.check(own)).toThrow(
      expect.objectContaining({ code: 'destination-not-allowed', retryable: false }),
    );
});

test('a list of countries stands for itself', () => {
  destinations({ countries: ['GB'] }).check(GB);
  expect(() => destinations({ countries: ['GB'] }).check(US)).toThrow('US');
  expect(() => destinations({ countries: [] }).check(US)).toThrow('US');
  everywhere().check(GB);
});

test.each([
  ['satellites', '+870773111632', 'MOBILE'],
  ['satellites', '+881612345678', 'MOBILE'],
  ['networks of many countries', '+88213123456', null],
  ['networks of many countries', '+88310012345', 'VOIP'],
  ['relief', '+888123456789', null],
  ['premium rate of no country', '+979123456789', 'PREMIUM_RATE'],
  ['freephone of no country', '+80012345678', 'TOLL_FREE'],
  ['shared cost of no country', '+80812345678', 'SHARED_COST'],
  ['personal numbers of no country', '+87812345678901', 'PERSONAL_NUMBER'],
  ['codes that nobody has', '+99912345678', null],
])('%s are never called: %s', (_, e164, type) => {
  const refused = expect.objectContaining({ code: 'destination-not-allowed' });
  expect(() => everywhere().check({ e164, country: null, type })).toThrow(refused);
  // Whatever a parser makes of the code.
  if (!e164.startsWith('+999'))
    expect(() => everywhere().check({ e164, country: 'US', type: 'MOBILE' })).toThrow(refused);
});

test.each(['PREMIUM_RATE', 'SHARED_COST', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'])(
  'numbers of type %s are never called',
  (type) => {
    expect(() => everywhere().check({ ...GB, type })).toThrow(
      expect.objectContaining({ code: 'destination-not-allowed' }),
    );
  },
);

test('exchange 976 of +1 is premium rate', () => {
  const premium = { ...US, e164: '+12129761234' };
  expect(() => destinations().check(premium)).toThrow('this kind');
  destinations().check({ ...US, e164: '+19762121234' });
});

test.each(['', '+', '911', '+911', '+1911', '+44999', '+49112', '+61000', '12025550143'])(
  'emergency numbers, short numbers and what is no E.164 are never called: %j',
  (e164) => {
    for (const country of ['US', null])
      expect(() => everywhere().check({ e164, country, type: 'MOBILE' })).toThrow(
        expect.objectContaining({ code: 'bad-number' }),
      );
  },
);

test.each([
  '+012345678',
  '+1202555014234567',
  '+1 202 555 0143',
  '+12025550143;ext=1',
  '+1202５550143',
])('what is no E.164 is no number: %j', (e164) => {
  expect(() => everywhere().check({ ...US, e164 })).toThrow('E.164');
});

test('a number that its country does not give out is no number', () => {
  expect(() => destinations().check({ ...US, type: null })).toThrow(
    expect.objectContaining({ code: 'bad-number' }),
  );
});

test('no message holds the number', () => {
  for (const bad of [GB, { ...US, type: null }, { ...US, type: 'PAGER' }, { ...US, e164: '+1 2' }])
    expect(() => destinations().check(bad)).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/\d{4,}/) }),
    );
});

test('one number is not called again and again, whoever orders it', () => {
  let nowMs = 0;
  const some = destinations({ hourlyPerNumber: 2, now: () => nowMs });
  some.take(US, 'key 1');
  some.take(US, 'key 2');
  expect(() => some.take(US, 'key 3')).toThrow(
    expect.objectContaining({ code: 'rate-limited', retryable: true }),
  );
  some.take({ ...US, e164: '+12025550144' }, 'key 3');
  nowMs = 1000;
  expect(some.waitMs(US, 'key 3')).toBe(3_599_000);
  nowMs = 3_600_000;
  some.take(US, 'key 3');
});

test('one key orders so many calls and no more, wherever they go', () => {
  const some = destinations({ hourlyPerKey: 2 });
  const number = (i: number) => ({ ...US, e164: `+1202555010${i}` });
  some.take(number(1), 'key');
  some.take(number(2), 'key');
  expect(() => some.take(number(3), 'key')).toThrow('this key');
  expect(some.waitMs(number(3), 'key')).toBe(3_600_000);
  some.take(number(3), 'another');
});

test('what is refused counts for nothing', () => {
  const some = destinations({ hourlyPerKey: 2, hourlyPerNumber: 1 });
  for (let i = 0; i < 9; i += 1) expect(() => some.take(GB, 'key')).toThrow('GB');
  some.take(US, 'key');
  for (let i = 0; i < 9; i += 1) expect(() => some.take(US, 'key')).toThrow('too often');
  some.take({ ...US, e164: '+12025550144' }, 'key');
});
