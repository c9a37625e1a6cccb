import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIKE_SHOP } from './__fixtures__/bike-shop.ts';
import { DENTIST, EMPTY, SALON } from './__fixtures__/businesses.ts';
import { JsgfReader } from './__fixtures__/jsgf-reader.ts';
import { ScriptedCall } from './__fixtures__/scripted-call.ts';
import { Expectations } from './expectations.ts';
import { QUESTIONS } from './memory.ts';
import type { Profile } from './profile.ts';

const STRANGE: Profile = {
  ...DENTIST,
  services: [
    { name: '24/7 <care> | "x"', aliases: ['*', '', 'public', "l'été", 'Größe & Co.'] },
    { name: 'A'.repeat(400), aliases: Array.from({ length: 300 }, (_, i) => `thing${i} a`) },
  ],
  staff: [
    { name: '', specialties: [] },
    { name: '李小龍', specialties: [] },
    { name: 'Dr.', specialties: [] },
    { name: "Siobhán O'Brien-Ng", specialties: [] },
  ],
  answers: [{ keywords: ['{tag}', '[x]', '/1/', ';'], answer: '' }],
  payment: { methods: ['#JSGF V1.0;', 'Visa'] },
};

describe.each([
  ['a dentist', DENTIST],
  ['a salon', SALON],
  ['a bike shop', BIKE_SHOP],
  ['a business without anything', EMPTY],
  ['a profile full of signs', STRANGE],
])('expectations of %s', (_, profile) => {
  test.each(QUESTIONS)('the grammar of %s can be read', (question) => {
    const { grammar = '' } = new Expectations(profile).of(question);
    const reader = new JsgfReader(grammar);
    expect(grammar.length).toBeLessThan(20_000);
    expect(reader.size).toBeLessThan(700);
  });
});

test.each([
  ['its answers', 'rent a bike'],
  ['its roles', 'mechanic'],
  ['its specialties', 'wheels'],
  ['ways to pay that it may not have', 'visa'],
  ['its offers', 'do you have a discount'],
  ['holidays that it may not list', "new year's eve"],
])("the grammar knows the words of a business's callers: %s", (_, words) => {
  const { grammar = '' } = new Expectations(BIKE_SHOP).of('anything');
  expect(grammar).toMatch(new RegExp(`[=|] ${words} ?[|;]`));
});

test('the same profile gives the same text, so that recognizers can keep it', () => {
  for (const question of QUESTIONS) {
    expect(new Expectations(DENTIST).of(question)).toEqual(new Expectations(DENTIST).of(question));
  }
});

test('callers are given time for numbers and reasons', () => {
  const expectations = new Expectations(DENTIST);
  expect(expectations.of('number')).toMatchObject({ topic: 'phone-number', patient: true });
  expect(expectations.of('reason')).toMatchObject({ topic: 'reason', patient: true });
  expect(expectations.of('name').patient).toBeUndefined();
});

test('whatever the grammar of a number hears is understood', async () => {
  const { grammar = '' } = new Expectations(DENTIST).of('number');
  for (const phrase of ['on | call me back on] (this number', 'rather not', 'no (thanks'])
    expect(grammar).toContain(phrase);
  const reader = new JsgfReader(grammar);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(10_000)), async (numbers) => {
      const sentence = reader.sentence((n) => (numbers.next().value ?? 0) % n);
      const call = new ScriptedCall(DENTIST);
      for (const line of ['Take a message.', 'Anna', 'yes']) await call.say(line);
      expect(await call.say(sentence), sentence).not.toMatch(/catch the number/);
    }),
    { numRuns: 200, seed: 7 },
  );
});

test.each([
  ['a dentist', DENTIST],
  ['a salon', SALON],
  ['a bike shop', BIKE_SHOP],
])('whatever the opening grammar of %s hears is answered', async (_, profile) => {
  const { grammar = '' } = new Expectations(profile).of('anything');
  const reader = new JsgfReader(grammar);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(10_000)), async (numbers) => {
      const sentence = reader.sentence((n) => (numbers.next().value ?? 0) % n);
      const answer = await new ScriptedCall(profile).say(sentence);
      if (/(I don't know that|something I can't answer)/.test(answer))
        throw new Error(`${sentence} → ${answer}`);
    }),
    { numRuns: 300, seed: 7 },
  );
});
