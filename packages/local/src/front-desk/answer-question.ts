import type { Inquiry, Told } from './inquiry.ts';
import type { Intent } from './intent.ts';
import {
  answerIn,
  staffIn,
  tellAddress,
  tellContact,
  tellParking,
  tellPhone,
  tellWalkIn,
} from './tell-business.ts';
import { ownHolidayIn, tellHolidays } from './tell-holidays.ts';
import { dayIn, tellHours, tellOpenNow } from './tell-hours.ts';
import { methodsIn, tellPayment } from './tell-payment.ts';
import { tellPromos } from './tell-promos.ts';
import { servicesIn, tellDuration, tellPrice, tellServices } from './tell-services.ts';
import { specialistIn, tellStaff } from './tell-staff.ts';
import { TOPICS, type Topic } from './topics.ts';
import type { Understanding } from './understanding.ts';

const TELL: Readonly<Record<Topic, (inquiry: Inquiry) => Told>> = {
  hours: tellHours,
  'open-now': tellOpenNow,
  holidays: tellHolidays,
  address: tellAddress,
  parking: tellParking,
  price: tellPrice,
  duration: tellDuration,
  services: tellServices,
  staff: tellStaff,
  payment: tellPayment,
  promos: tellPromos,
  phone: tellPhone,
  contact: tellContact,
  'walk-in': tellWalkIn,
};

// Of one group only the strongest is answered.
const GROUP: Readonly<Partial<Record<Topic, string>>> = {
  'open-now': 'hours',
  holidays: 'hours',
  duration: 'price',
  services: 'price',
};

const STRONG = 4;
// Above 'are you open', which asks for the hours of that day.
const OWN_HOLIDAY = 8;

export interface QuestionFound {
  readonly topic: Topic | 'answer';
  readonly weight: number;
}

/** What the caller asks about, strongest first; at most two, the second only when both are plain. */
export function questionsIn(
  heard: Understanding,
  inquiry: Inquiry,
  lastIntent: string,
): readonly QuestionFound[] {
  const found = new Map<Topic | 'answer', number>();
  for (const [intent, weight] of heard.weights) if (isTopic(intent)) found.set(intent, weight);
  const add = (topic: Topic | 'answer', weight: number) =>
    found.set(topic, (found.get(topic) ?? 0) + weight);

  const answer = answerIn(inquiry.profile, inquiry.stems);
  if (answer) add('answer', 6);
  // 'My filling hurts' asks for no filling.
  const isShort = isFollowUp(heard.phrase) && !heard.weights.has('pain');
  if (servicesIn(inquiry.profile, inquiry.stems).length > 0) {
    for (const topic of ['price', 'duration', 'services'] as const)
      if (found.has(topic)) add(topic, 2);
    // A 'full service' brings the word for any service with it.
    if (found.has('price')) add('price', 2);
    if (found.has('promos')) add('promos', STRONG);
    // The price is told with the duration.
    if (found.has('price') && found.has('duration')) add('price', STRONG);
    if (inquiry.phrase.includes(' free ')) add('price', STRONG);
    if (isShort || found.has('services')) add(lastIntent === 'price' ? 'price' : 'services', 1.5);
  }
  if (found.has('payment') && methodsIn(inquiry).length > 0) add('payment', STRONG);
  if (specialistIn(inquiry.profile, inquiry.stems)) {
    if (inquiry.phrase.includes(' who ')) add('staff', STRONG);
    else if (isShort || found.has('services')) add('services', 1.5);
  }
  if (staffIn(inquiry.profile, inquiry.phrase)) add('staff', isShort || found.has('staff') ? 3 : 1);
  if (ownHolidayIn(inquiry.profile, inquiry.stems, inquiry.now.date)) add('holidays', OWN_HOLIDAY);
  if (dayIn(inquiry.phrase, inquiry.now) && (isShort || lastIntent === 'hours')) add('hours', 1);
  return strongest(found, heard.phrase.includes(' and '));
}

export function answerQuestion(topic: Topic | 'answer', inquiry: Inquiry): Told {
  if (topic !== 'answer') return TELL[topic](inquiry);
  return { text: answerIn(inquiry.profile, inquiry.stems)?.answer ?? '' };
}

function strongest(
  found: ReadonlyMap<Topic | 'answer', number>,
  joined: boolean,
): readonly QuestionFound[] {
  const sorted = [...found]
    .map(([topic, weight]) => ({ topic, weight }))
    .sort((a, b) => b.weight - a.weight);
  const [first, ...rest] = sorted;
  if (first === undefined || first.weight < 1.5) return [];
  const second = rest.find(
    ({ topic, weight }) => weight >= STRONG && groupOf(topic) !== groupOf(first.topic),
  );
  return joined && second && first.weight >= STRONG ? [first, second] : [first];
}

/** Few words beside the polite ones: 'and on Sunday?', 'the whitening, please'. */
function isFollowUp(phrase: string): boolean {
  const core = phrase
    .replace(/^ (?:(?:hi|hello|hey|okay|and|well|yes|um|uh|what about|how about) )+/, ' ')
    .replace(/ (?:(?:please|thanks|thank you) )+$/, ' ');
  return core.trim().split(' ').length <= 5;
}

function groupOf(topic: Topic | 'answer'): string {
  return topic === 'answer' ? topic : (GROUP[topic] ?? topic);
}

function isTopic(intent: Intent): intent is Topic {
  return TOPICS.has(intent);
}
