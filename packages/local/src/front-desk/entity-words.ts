import { oneOf, sayable } from './jsgf.ts';
import { type Profile, WEEKDAYS } from './profile.ts';

const WELL_KNOWN = [
  ...['christmas', 'christmas day', 'christmas eve', 'boxing day', 'thanksgiving', 'easter'],
  ...['new year', "new year's", "new year's day", "new year's eve", 'halloween'],
  ...['the fourth of july', 'independence day', "valentine's day", 'labor day', 'memorial day'],
];

const KNOWN_METHODS = [
  ...['cash', 'credit cards', 'debit cards', 'checks', 'insurance', 'visa', 'mastercard'],
  ...['american express', 'apple pay'],
];

// More would make the grammar slow to set and easy to mistake.
const MAX_ENTITIES = 40;

/** What is done, by name and by specialty, as alternatives of a grammar; '' where nothing is. */
export function serviceWords({ services, staff }: Profile): string {
  // 'A haircut' where the profile has three kinds of it.
  const kinds = services.map(({ name }) => sayable(name).split(' ').at(-1) ?? '');
  const names = services.flatMap(({ name, aliases }) => [name, ...aliases]);
  return some([...names, ...kinds, ...staff.flatMap(({ specialties }) => specialties)]);
}

export function personWords({ staff }: Profile): string {
  return some(staff.flatMap(({ name }) => waysToSay(name)));
}

export function methodWords({ payment }: Profile): string {
  return some([...payment.methods, ...KNOWN_METHODS]);
}

/** 'Who is the mechanic?' */
export function roleWords({ staff }: Profile): string {
  return some(staff.flatMap(({ role = '' }) => [role, sayable(role).split(' ').at(-1) ?? '']));
}

export function answerWords({ answers }: Profile): string {
  return some(answers.flatMap(({ keywords }) => keywords));
}

export function holidayWords({ holidays }: Profile): string {
  const named = holidays.flatMap(({ name }) => [name, name.replace(/ day$/i, '')]);
  return some([...named, ...WELL_KNOWN]);
}

export const DAY_WORDS = oneOf(...WEEKDAYS);
/** One to twelve, in their order. */
export const HOURS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
export const HOUR_WORDS = oneOf(...HOURS);

function waysToSay(name: string): readonly string[] {
  const words = sayable(name).split(' ');
  const [title = '', ...rest] = words;
  const last = rest.at(-1);
  if (title !== 'doctor' || last === undefined) return [words.join(' '), words[0] ?? ''];
  return [words.join(' '), `doctor ${last}`, rest.join(' ')];
}

function some(texts: readonly string[]): string {
  return oneOf(...[...new Set(texts.map(sayable))].slice(0, MAX_ENTITIES));
}
