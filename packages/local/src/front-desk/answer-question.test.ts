import { describe, expect, test } from 'vitest';
import { BIKE_SHOP } from './__fixtures__/bike-shop.ts';
import { DENTIST } from './__fixtures__/businesses.ts';
import { answersTo } from './__fixtures__/scripted-call.ts';
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
