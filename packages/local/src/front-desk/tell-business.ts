import {
  doesNotKnow,
  firstFew,
  type Inquiry,
  inWords,
  listed,
  sentence,
  type Told,
} from './inquiry.ts';
import type { Answer, Location, Profile, StaffMember } from './profile.ts';
import { contentStems, overlap, spokenWords } from './spoken-words.ts';

const TITLES = new Set(['doctor', 'mister', 'mrs', 'ms', 'miss', 'professor']);

/** The member of staff who is spoken of, by first or last name. */
export function staffIn(profile: Profile, phrase: string): StaffMember | null {
  const words = new Set(spokenWords(phrase).map((word) => word.replace(/s$/, '')));
  const rated = profile.staff.map((member) => ({
    member,
    rate: nameWords(member).filter((word) => words.has(word.replace(/s$/, ''))).length,
  }));
  const best = Math.max(0, ...rated.map(({ rate }) => rate));
  return best === 0 ? null : (rated.find(({ rate }) => rate === best)?.member ?? null);
}

/** The policy or frequent question that the words touch, longest keyword first. */
export function answerIn(profile: Profile, stems: ReadonlySet<string>): Answer | null {
  const rated = profile.answers.map((answer) => ({
    answer,
    rate: Math.max(
      0,
      ...answer.keywords
        .filter((keyword) => overlap(keyword, stems) === 1)
        .map((keyword) => contentStems(spokenWords(keyword)).length),
    ),
  }));
  const best = Math.max(0, ...rated.map(({ rate }) => rate));
  return best === 0 ? null : (rated.find(({ rate }) => rate === best)?.answer ?? null);
}

export function tellAddress({ profile, phrase, turn }: Inquiry): Told {
  const [only] = profile.locations;
  if (only === undefined) return doesNotKnow(turn, 'the address');
  const named = profile.locations.find(
    ({ name }) => name !== undefined && phrase.includes(` ${name.toLowerCase()} `),
  );
  if (named || profile.locations.length === 1) return { text: whereabouts(named ?? only, phrase) };
  const places = profile.locations.map(({ name, address }) =>
    name ? `${name}, ${address}` : address,
  );
  return { text: `We have ${inWords(places.length)} locations: ${firstFew(places)}.` };
}

export function tellParking({ profile, turn }: Inquiry): Told {
  const places = profile.locations.filter(({ parking }) => parking !== undefined);
  if (places.length === 0) return doesNotKnow(turn, 'about parking');
  const texts = places.map(({ name, parking = '' }) =>
    places.length > 1 && name ? `${name}: ${sentence(parking)}` : sentence(parking),
  );
  return { text: texts.slice(0, 3).join(' ') };
}

export function tellStaff({ profile, phrase, turn }: Inquiry): Told {
  if (profile.staff.length === 0) return doesNotKnow(turn, 'who works here');
  const member = staffIn(profile, phrase);
  if (member === null) return { text: tellTeam(profile, phrase) };
  if (/ (?:is|are|will) .*(?:in|there|available|working|around|free) /.test(phrase)) {
    return {
      text: `I can't see who's in at the moment. Would you like to leave a message for ${member.name}?`,
      offersMessage: true,
    };
  }
  return { text: introduced(member) };
}

export function tellPhone({ profile, turn }: Inquiry): Told {
  if (!profile.phone) return doesNotKnow(turn, 'the number');
  return { text: `Our number is ${profile.phone}.` };
}

function whereabouts({ address, directions, notes }: Location, phrase: string): string {
  const asksTheWay = / (?:directions|get|find|come|bus|subway|train) /.test(phrase);
  const way = asksTheWay ? directions : notes;
  return `We're at ${sentence(address)}${way ? ` ${sentence(way)}` : ''}`;
}

function tellTeam(profile: Profile, phrase: string): string {
  const words = new Set(contentStems(spokenWords(phrase)));
  const does = profile.staff.filter(({ role = '', specialties }) =>
    [role, ...specialties].some((text) => overlap(text, words) >= 0.5),
  );
  const shown = does.length > 0 ? does : profile.staff;
  const names = shown.map(({ name, role }) => (role ? `${name}, our ${role}` : name));
  const more = names.length > 3 ? ' Who are you looking for?' : '';
  return names.length > 1 && names.length <= 3
    ? `We have ${names.join('; ').replace(/; ([^;]*)$/, '; and $1')}.`
    : `We have ${firstFew(names)}.${more}`;
}

function introduced({ name, role, specialties }: StaffMember): string {
  const is = role ? `${name} is our ${role}.` : `${name} works here.`;
  return specialties.length > 0 ? `${is} The specialty is ${listed(specialties.slice(0, 3))}.` : is;
}

function nameWords({ name }: StaffMember): readonly string[] {
  return spokenWords(name).filter((word) => word.length > 1 && !TITLES.has(word));
}
