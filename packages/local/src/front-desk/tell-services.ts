import {
  doesNotKnow,
  firstFew,
  type Inquiry,
  inWords,
  sentence,
  type Told,
  vary,
} from './inquiry.ts';
import { money } from './money.ts';
import type { Currency, Profile, Service } from './profile.ts';
import { contentStems, overlap } from './spoken-words.ts';
import { specialistIn, specialized } from './tell-staff.ts';

const GENERAL =
  / (?:prices|pricing|rates|fees|price list|charge|how (?:much|long) (?:(?:is|does|do|would|will) (?:it|that|this|they|you)|$)) /;

const ANY = new Set(contentStems(['service', 'treatment', 'procedure', 'appointment', 'repair']));

/** The services that the words speak of: one when it is clear which, several when it is not. */
export function servicesIn(profile: Profile, stems: ReadonlySet<string>): readonly Service[] {
  const rated = profile.services.map((service) => ({
    service,
    rate: Math.max(...[service.name, ...service.aliases].map((name) => rateOf(name, stems))),
    length: Math.max(...[service.name, ...service.aliases].map((name) => matchLength(name, stems))),
  }));
  const best = Math.max(0, ...rated.map(({ rate }) => rate));
  if (best < 0.5) return [];
  // The whole name of what somebody does says more than half the name of a service.
  if (best === 0.5 && specialistIn(profile, stems)?.specialty) return [];
  const matches = rated.filter(({ rate }) => rate === best);
  // 'A deep cleaning' is wholly said by 'cleaning' too; the longer name is the one that is meant.
  const longest = Math.max(...matches.map(({ length }) => length));
  return matches.filter(({ length }) => length === longest).map(({ service }) => service);
}

export function tellPrice(inquiry: Inquiry): Told {
  return tell(inquiry, (service) => {
    if (service.priceCents === undefined) {
      return doesNotKnow(inquiry.turn, `the price for ${service.name}`);
    }
    const price = `${priced(service, inquiry.profile.currency)}.`;
    const time = service.durationMinutes ? ` It takes ${minutes(service)}.` : '';
    // What costs nothing is what callers have not heard of.
    const what = service.priceCents === 0 ? explained(service) : '';
    return { text: `${price}${what}${time}` };
  });
}

export function tellDuration(inquiry: Inquiry): Told {
  return tell(inquiry, (service) => {
    if (service.durationMinutes === undefined) {
      return doesNotKnow(inquiry.turn, `how long ${service.name} takes`);
    }
    return { text: `${service.name} takes ${minutes(service)}.` };
  });
}

export function tellServices(inquiry: Inquiry): Told {
  const { profile, stems, turn } = inquiry;
  if (servicesIn(profile, stems).length > 0) {
    return tell(inquiry, (service) => describe(service, inquiry));
  }
  const specialist = specialistIn(profile, stems);
  if (specialist) return { text: `Yes, ${specialized(specialist)}` };
  return profile.services.length === 0
    ? doesNotKnow(turn, 'what services there are')
    : tellList(profile, leadToList(inquiry));
}

function tell(inquiry: Inquiry, one: (service: Service) => Told): Told {
  const { profile, stems, turn } = inquiry;
  const named = servicesIn(profile, stems);
  const matches =
    named.length > 0 ? named : profile.services.filter((service) => isReferredTo(service, inquiry));
  const [only] = matches;
  if (only === undefined) {
    const { specialty } = specialistIn(profile, stems) ?? {};
    if (specialty) return one({ name: specialty, aliases: [] });
    return profile.services.length === 0
      ? doesNotKnow(turn, 'that')
      : tellList(profile, leadToList(inquiry));
  }
  if (matches.length === 1) return { service: only.name, ...one(only) };
  const all = matches.slice(0, 3).map((service) => priced(service, profile.currency));
  const which = matches.length > 3 ? ` There are ${inWords(matches.length - 3)} more.` : '';
  return { text: `${all.join('. ')}.${which} Which one are you interested in?`, asks: true };
}

// Only 'that' and its like mean the service last spoken of: an unknown one must not get its price.
function isReferredTo({ name }: Service, { phrase, lastService }: Inquiry): boolean {
  const refers = / (?:that|it|this|they|those|one) /.test(phrase) || phrase.split(' ').length <= 4;
  return name === lastService && refers;
}

function leadToList({ phrase, turn }: Inquiry): string {
  if (/ (?:services|treatments|procedures|which|what (?:\w+ )?do you) /.test(phrase))
    return 'We offer';
  if (GENERAL.test(phrase)) {
    return vary(turn, 'That depends on the service. We offer', 'It depends. We have');
  }
  return "I don't have that on my list. We offer";
}

function tellList(profile: Profile, lead: string): Told {
  const names = profile.services.map(({ name }) => name);
  return { text: `${lead} ${firstFew(names)}. Which one are you interested in?`, asks: true };
}

function describe(service: Service, { profile, phrase, turn }: Inquiry): Told {
  const { name, description, priceCents, durationMinutes } = service;
  if (/ (?:includ|involv)\w+ /.test(phrase) && description === undefined)
    return doesNotKnow(turn, `what ${name} includes`);
  const isWhat = description !== undefined && phrase.includes(' what ');
  const yes = isWhat ? '' : `Yes, we do ${name}.`;
  const price = priceCents === undefined ? '' : ` ${priced(service, profile.currency)}.`;
  const time = durationMinutes === undefined ? '' : ` It takes ${minutes(service)}.`;
  return { text: `${yes}${explained(service)}${price}${time}`.trim() };
}

function explained({ description }: Service): string {
  return description ? ` ${sentence(description)}` : '';
}

function priced({ name, priceCents, priceFrom }: Service, currency: Currency | undefined): string {
  if (priceCents === undefined) return `I don't know the price for ${name}`;
  if (priceCents === 0 && !priceFrom) return `${name} is free`;
  return `${name} ${priceFrom ? 'starts at' : 'is'} ${money(priceCents, currency)}`;
}

function minutes({ durationMinutes = 0 }: Service): string {
  if (durationMinutes < 60 || durationMinutes % 30 !== 0) return `about ${durationMinutes} minutes`;
  const hours = Math.floor(durationMinutes / 60);
  const half = durationMinutes % 60 === 0 ? '' : ' and a half';
  return `about ${hours === 1 ? `an hour${half}` : `${inWords(hours)}${half} hours`}`;
}

/** Half a name counts, unless it is the half that any service may have. */
function rateOf(name: string, stems: ReadonlySet<string>): number {
  const rate = overlap(name, stems);
  return rate === 1 ? rate : overlap(name, new Set([...stems].filter((stem) => !ANY.has(stem))));
}

function matchLength(name: string, stems: ReadonlySet<string>): number {
  return overlap(name, stems) === 1 ? name.split(' ').length : 0;
}
