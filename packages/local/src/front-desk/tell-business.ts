import { doesNotKnow, firstFew, type Inquiry, inWords, sentence, type Told } from './inquiry.ts';
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

/** What is written nowhere but, perhaps, in the owner's answers. */
export function tellContact({ phrase, turn }: Inquiry): Told {
  if (/ e ?mail /.test(phrase)) return doesNotKnow(turn, 'our email address');
  return doesNotKnow(turn, / fax /.test(phrase) ? 'our fax number' : 'our website');
}

/** Whether an appointment is needed stands in the owner's answers, if anywhere. */
export function tellWalkIn({ profile, stems, turn }: Inquiry): Told {
  const words = [...stems, ...contentStems(spokenWords('walk in without an appointment'))];
  const known = answerIn(profile, new Set(words));
  return known ? { text: known.answer } : doesNotKnow(turn, 'whether you need an appointment');
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

function nameWords({ name }: StaffMember): readonly string[] {
  return spokenWords(name).filter((word) => word.length > 1 && !TITLES.has(word));
}
