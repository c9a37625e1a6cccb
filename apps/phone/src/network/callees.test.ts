import { expect, test } from 'vitest';
import { calleeWho } from './callee.ts';
import { Callees } from './callees.ts';
import { CalleesError, TroubleError } from './coded-errors.ts';
import { Troubles } from './trouble.ts';

test('everybody talks but for the numbers that are built in', () => {
  const callees = new Callees();
  expect(callees.of('+14155550142')).toMatchObject({ does: 'talks', scenario: 'callee' });
  expect(callees.of('+14155550110').does).toBe('busy');
  expect(callees.of('+12125550112').does).toBe('voicemail');
});

test('a table says who is who, by number, beginning or end', () => {
  const yaml = `
default: busy
callees:
  "+12025550110": silent
  "+4420*": { does: voicemail, greeting: Leave a message, rings: 3 }
  "*99": no-answer`;
  const callees = Callees.parse(yaml, 'who.yaml', null);
  expect(callees.of('+12025550110').does).toBe('silent');
  expect(callees.of('+442079460000')).toMatchObject({ does: 'voicemail', rings: 3 });
  expect(callees.of('+12025550199').does).toBe('no-answer');
  expect(callees.of('+12025550150').does).toBe('busy');
  expect(Callees.parse(yaml, 'who.yaml', calleeWho('rejects')).of('+1202').does).toBe('rejects');
});

test('a table may be empty', () => {
  expect(Callees.parse('', 'who.yaml', null).of('+12025550142').does).toBe('talks');
});

test.each([
  ['callees: {"+1202": dances}', /callees\.\+1202\.does: [\s\S]*A callee is one of talks, busy/],
  ['callees: {"Ann": busy}', /who\.yaml: callees/],
  ['calles: {}', /calles/],
  ['callees: {"+1202": {rings: -1}}', /rings/],
  ['a: [', /who\.yaml: /],
])('%s is refused with what is wrong', (yaml, told) => {
  expect(() => Callees.parse(yaml, 'who.yaml', null)).toThrow(CalleesError);
  expect(() => Callees.parse(yaml, 'who.yaml', null)).toThrow(told);
});

test('troubles strike always, by share, or never', () => {
  const troubles = new Troubles('late, slow=0, doubled=0.5', 7);
  expect(troubles.strikes('late')).toBe(true);
  expect(troubles.strikes('slow')).toBe(false);
  expect(troubles.strikes('down')).toBe(false);
  const struck = Array.from({ length: 1_000 }, () => troubles.strikes('doubled')).filter(Boolean);
  expect(struck.length).toBeGreaterThan(400);
  expect(struck.length).toBeLessThan(600);
  troubles.set('');
  expect(troubles.strikes('late')).toBe(false);
});

test.each(['rain', 'late=2', 'late=', 'late=x'])('trouble %s is refused', (given) => {
  expect(() => new Troubles(given)).toThrow(TroubleError);
});
