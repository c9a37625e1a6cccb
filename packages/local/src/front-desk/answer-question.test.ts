import { describe, expect, test } from 'vitest';
import { BIKE_SHOP } from './__fixtures__/bike-shop.ts';
import { DENTIST, EMPTY, SALON } from './__fixtures__/businesses.ts';
import { answersTo, ScriptedCall } from './__fixtures__/scripted-call.ts';
import type { Profile } from './profile.ts';

type Asked = readonly [question: string, answer: string];

/** The first sentences of an answer; what is said after them does not matter. */
async function expectAnswer(profile: Profile, [question, answer]: Asked): Promise<void> {
  const [said = ''] = await answersTo(profile, question);
  expect(said.slice(0, answer.length)).toBe(answer);
}

describe('a holiday is answered for itself and for no other', () => {
  const unknown = (name: string) => `I don't have any hours for ${name} on my list. Would you`;
  const eve = "On Christmas Eve, December 24, we're open from 9 AM to noon.";

  test.each<Asked>([
    ["Are you open on New Year's Day?", unknown("New Year's Day")],
    ["Are you open on New Year's Eve?", unknown("New Year's Eve")],
    ['Boxing Day?', unknown('Boxing Day')],
    ['Are you open on Halloween?', unknown('Halloween')],
    ['Are you open on Easter Monday?', unknown('Easter Monday')],
    ['Are you open on the fourth of July?', unknown('Independence Day')],
    ['Are you open on Christmas Eve?', eve],
    ['Are you open on Heiligabend?', "On Heiligabend, December 24, we're open from 9 AM to noon."],
    ['Are you open at Christmas?', "On Christmas Day, December 25, we're closed."],
    ["Christmas Eve and New Year's Eve?", `${eve} ${unknown("New Year's Eve")}`],
  ])('%s', (...asked) => expectAnswer(BIKE_SHOP, asked));

  test('also where it is kept on another day', async () => {
    const holidays = [{ date: '2027-07-05', name: 'Independence Day, observed', hours: [] }];
    const said = "On Independence Day, observed, July 5, we're closed.";
    await expectAnswer({ ...DENTIST, holidays }, ['Open on the fourth of July?', said]);
  });
});

describe('a way to pay is taken only where the profile says so', () => {
  test.each<readonly [Profile, ...Asked]>([
    [
      BIKE_SHOP,
      'Can I pay with credit cards?',
      "I don't have credit cards on my list. We take cash and girocard.",
    ],
    [BIKE_SHOP, 'Do you take Visa?', "I don't have Visa on my list. We take cash and girocard."],
    [BIKE_SHOP, 'Do you take cards?', 'Yes, we take girocard.'],
    [{ ...SALON, payment: { methods: ['Twint'] } }, 'Do you take Twint?', 'Yes, we take Twint.'],
    [{ ...SALON, payment: { methods: ['Twint'] } }, 'Do you accept gift cards?', 'We take Twint.'],
    [BIKE_SHOP, 'Do you take girocard?', 'Yes, we take girocard.'],
    [BIKE_SHOP, 'Can I pay with a debit card?', 'Yes, we take girocard.'],
    [
      { ...SALON, payment: { methods: ['cash', 'all cards'] } },
      'Do you take American Express?',
      'Yes, we take all cards.',
    ],
    [
      { ...SALON, payment: { methods: ['debit cards'] } },
      'Do you take Visa?',
      "I don't have Visa on my list.",
    ],
    [
      DENTIST,
      'Do you take American Express?',
      "I don't have American Express on my list. We take cash, Visa, Mastercard and Apple Pay.",
    ],
    [DENTIST, 'Can I pay by check?', "I don't have checks on my list."],
    [BIKE_SHOP, "I'd like a refund.", "I'm sorry, I don't know about refunds."],
    [DENTIST, 'How do refunds work?', 'Deposits are refunded up to two days'],
    [BIKE_SHOP, 'Do you want a deposit?', "I'm sorry, I don't know about a deposit."],
  ])('%#: $1', (profile, ...asked) => expectAnswer(profile, asked));
});

describe('prices are told in the money of the business', () => {
  test.each<readonly [Profile, ...Asked]>([
    [BIKE_SHOP, 'How much is a flat tire repair?', 'Flat tire repair is €19.50.'],
    [{ ...SALON, currency: 'GBP' }, 'How much is a beard trim?', 'Beard trim is £15.'],
    [{ ...SALON, currency: 'CHF' }, 'How much is a beard trim?', 'Beard trim is CHF 15.'],
    [{ ...SALON, currency: 'AUD' }, 'How much is a beard trim?', 'Beard trim is $15.'],
    [SALON, 'How much is a beard trim?', 'Beard trim is $15.'],
    [
      BIKE_SHOP,
      'How much is the battery check?',
      "E-bike battery check is free. We measure your battery's capacity.",
    ],
    [
      BIKE_SHOP,
      'Is the battery check free?',
      "E-bike battery check is free. We measure your battery's capacity.",
    ],
  ])('%#: $1', (profile, ...asked) => expectAnswer(profile, asked));
});

describe('a discount that nobody wrote down is not promised', () => {
  const offer =
    "I don't know about a student discount. We have this offer: Winter check is ten euros off.";

  test.each<Asked>([
    ['Do you have a student discount?', offer],
    ['Is there a discount for seniors?', "I don't know about a discount for seniors. We have this"],
    [
      'Any discounts on a full service?',
      "I don't know about a discount on a full service. We have",
    ],
    ['What specials do you have?', 'Yes. Winter check is ten euros off.'],
    ['Do you have a discount?', 'Yes. Winter check is ten euros off.'],
    ['Any special offers?', 'Yes. Winter check is ten euros off.'],
    ['Is there a discount on the winter check?', 'Yes. Winter check is ten euros off.'],
  ])('%s', (...asked) => expectAnswer(BIKE_SHOP, asked));

  test('and a message is offered where there are no offers at all', () =>
    expectAnswer(EMPTY, [
      'Is there a student discount?',
      "I'm sorry, I don't know about a student discount. Would you",
    ]));
});

describe('what the profile has is not denied', () => {
  test.each<readonly [Profile, ...Asked]>([
    [
      DENTIST,
      'Do you do root canals?',
      'Yes, Dr. Susan Lee, our dentist, specializes in root canals.',
    ],
    [DENTIST, 'Do you have an orthodontist?', 'Yes, Dr. Omar Patel is our orthodontist.'],
    [DENTIST, 'How much is a root canal?', "I'm sorry, I don't know the price for root canals."],
    [
      DENTIST,
      "What's a teeth cleaning?",
      'A hygienist cleans and polishes your teeth. Teeth cleaning is $120.',
    ],
    [
      DENTIST,
      'What is included in the teeth cleaning?',
      'A hygienist cleans and polishes your teeth.',
    ],
    [
      BIKE_SHOP,
      'What is included in the full service?',
      "I'm sorry, I don't know what full service includes.",
    ],
    [
      BIKE_SHOP,
      'Who repairs e-bikes?',
      'Jürgen Köhler, our master mechanic, specializes in e-bikes.',
    ],
    [
      BIKE_SHOP,
      'Can you repair my e-bike?',
      'Yes, Jürgen Köhler, our master mechanic, specializes in e-bikes.',
    ],
    [BIKE_SHOP, 'How much are new tires?', 'Flat tire repair is €19.50.'],
    [
      BIKE_SHOP,
      'What services do you offer?',
      'We offer flat tire repair, full service, brake adjustment and e-bike battery check.',
    ],
    [BIKE_SHOP, 'How much is the full service?', 'Full service is €89.90.'],
  ])('%#: $1', (profile, ...asked) => expectAnswer(profile, asked));
});

describe('what the profile lacks is not known', () => {
  test.each<readonly [Profile, ...Asked]>([
    [DENTIST, "What's your email address?", "I'm sorry, I don't know our email address."],
    [DENTIST, 'Do you have a website?', "I'm sorry, I don't know our website."],
    [DENTIST, "What's your fax number?", "I'm sorry, I don't know our fax number."],
    [
      { ...EMPTY, answers: [{ keywords: ['email'], answer: 'It is a@b.example.' }] },
      "What's your email address?",
      'It is a@b.example.',
    ],
    [
      BIKE_SHOP,
      'Do I need an appointment for a tune-up?',
      "I'm sorry, I don't know whether you need an appointment.",
    ],
    [
      BIKE_SHOP,
      'Can I come without an appointment?',
      "I'm sorry, I don't know whether you need an appointment.",
    ],
    [
      DENTIST,
      'Do I need to make an appointment?',
      'Please call first; we see walk-ins only in pain.',
    ],
  ])('%#: $1', (profile, ...asked) => expectAnswer(profile, asked));
});

describe('a caller in pain', () => {
  test.each(['I have a toothache', 'My tooth hurts badly', 'My filling hurts'])(
    '%s: hears where help is, and can leave a message',
    (said) =>
      expectAnswer(DENTIST, [
        said,
        "I'm sorry to hear that. In an emergency, please hang up and call 9 1 1. Would you like to leave a message",
      ]),
  );
});

describe('a time of day is held against the hours', () => {
  const wednesday = "We're open from 9 AM to 12:30 PM and from 2 PM to 6:30 PM.";

  test.each<Asked>([
    ['Are you open at 1 PM on Wednesday?', `No, on Wednesday we're closed at 1 PM. ${wednesday}`],
    ['Are you open on Wednesday at 2?', `Yes, on Wednesday we're open at 2 PM. ${wednesday}`],
    [
      'Are you closed on Wednesday at one thirty?',
      `On Wednesday we're closed at 1:30 PM. ${wednesday}`,
    ],
    ['Can I come on Thursday at three?', "On Thursday we're open at 3 PM."],
    ['Can I come at 7 tonight?', "Today we're closed at 7 PM. We're open from 9 AM to 1 PM."],
    ['Are you open at noon?', "Yes, today we're open at noon."],
    ['Are you open at 10 on Sunday?', "No, tomorrow we're closed."],
    ['Are you open on Wednesday until 6:30?', "On Wednesday, we're open from 9 AM"],
    [
      'Are you open on December 24th at 1 PM?',
      "No, on Thursday, December 24 we're closed at 1 PM. We're open from 9 AM to noon, because of Heiligabend.",
    ],
    ['Can I come by on Friday at half past nine?', "On Friday we're open at 9:30 AM."],
    ['When are you open?', "We're open Tuesday"],
    ['May I come by at 10?', "Today we're open at 10 AM."],
    ['Are you open at 11 on the 24th of December?', "Yes, on Thursday, December 24 we're open"],
    ['Are you open the day after tomorrow?', "On Monday, we're"],
    ['When do you open on Wednesday?', "On Wednesday, we're open from 9 AM to 12:30 PM"],
  ])('%s', (...asked) => expectAnswer(BIKE_SHOP, asked));
});

describe('at eight in the evening', () => {
  const evening = new Date('2026-11-24T01:00:00Z');

  test.each<Asked>([
    ['Are you open today?', "We've closed for today. We open again tomorrow at 9 AM."],
    ['What are your hours today?', "We've closed for today. We open again tomorrow at 9 AM."],
    ['Are you open on Monday?', "On Monday, we're open from 9 AM to 5:30 PM."],
  ])('%s', async (question, answer) => {
    const said = await new ScriptedCall(DENTIST, { output: '' }, evening).say(question);
    expect(said.slice(0, answer.length)).toBe(answer);
  });
});
