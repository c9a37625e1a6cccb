import {
  answerWords,
  DAY_WORDS,
  HOUR_WORDS,
  holidayWords,
  methodWords,
  personWords,
  roleWords,
  serviceWords,
} from './entity-words.ts';
import { oneOf } from './jsgf.ts';
import type { Profile } from './profile.ts';

type Rules = Readonly<Record<string, string>>;

const POLITE = {
  hello: 'hi | hello | hey | good morning | good afternoon',
  opener: '<hello> | okay | and | yes',
  please: 'please | thanks | thank you',
};

const WHEN = {
  when: '[on] <day> | today | tomorrow | the day after tomorrow | tonight | this weekend | on weekends | on the weekend',
  day: DAY_WORDS,
};

const HOURS = {
  hours:
    '<hours_question> [<when>] | are you (open | closed) [<when> | now | right now] | <hello_day> | <holiday_hours>',
  hours_question: oneOf(
    'what are your hours',
    'what are your opening hours',
    'what time do you open',
    'what time do you close',
    'when do you open',
    'when do you close',
    'when are you open',
    'how late are you open',
  ),
  hello_day: '(and | what about | how about) <when>',
  holiday_hours: '(are you (open | closed) | what about | how about) [on | at] <holiday>',
};

const PLACE = oneOf(
  'where are you',
  'where are you located',
  "what's your address",
  'what is your address',
  'how do i get there',
  'do you have parking',
  'where can i park',
  'is there parking',
);

const COURTESY = oneOf(
  'who are you',
  'are you a robot',
  'are you a real person',
  'what can you do',
  'can you repeat that',
  'could you say that again',
  'what was that',
  'sorry',
  'hold on',
  'one moment',
  'never mind',
  "it's an emergency",
  'this is an emergency',
);

const FAREWELL = oneOf(
  'goodbye',
  'bye',
  'bye bye',
  "that's all",
  "that's it",
  "no that's all",
  "no that's all thank you",
  'no thank you',
  'no thanks',
  'thank you goodbye',
  'no thank you goodbye',
  'no thanks bye',
  'yes please',
  'thanks bye',
  'thank you very much',
  'have a nice day',
);

/**
 * Questions and wishes at the front desk. Entities stand in one place each, since PocketSphinx
 * copies a rule wherever it is used.
 */
export function anythingRules(profile: Profile, afterOffer: boolean): Rules {
  const rules = {
    ...POLITE,
    ...WHEN,
    ...HOURS,
    holiday: holidayWords(profile),
    place: PLACE,
    ...services(profile),
    ...people(profile),
    ...payment(profile),
    ...answers(profile),
    wish: `<wanting> <changing> [<when>] [at <hour> [thirty | o'clock]]`,
    wanting: "i'd like to | i would like to | i want to | i need to | can i | could i",
    changing:
      '(make | book | schedule | get | cancel | change | move | reschedule) (an | my | the) appointment',
    hour: HOUR_WORDS,
    message: oneOf(
      '[<wanting>] leave a message',
      '[please] (call me back | take a message)',
      'can (someone | somebody) call me back',
      '<wanting> (speak | talk) to (someone | somebody | a person | a human | the manager)',
    ),
    courtesy: COURTESY,
    farewell: FAREWELL,
  };
  const asks = ['hours', 'place', 'service', 'people', 'payment', 'answers', 'wish', 'message'];
  const asked = asks.filter((name) => name in rules).map((name) => `<${name}>`);
  const main = `[<opener>] (${asked.join(' | ')}) [<please>] | <courtesy> | <farewell> | <hello> | <please>`;
  return { anything: afterOffer ? `${main} | ${YES_NO}` : main, ...rules };
}

const YES_NO = oneOf(
  'yes',
  'yes please',
  'yes i would',
  "yes i'd like that",
  "yes that's right",
  '[yes] that would be (great | good | nice)',
  'sure',
  'please do',
  'no',
  'no thanks',
  'not now',
  "no that's okay",
  'yes leave a message',
);

function services(profile: Profile): Rules {
  const names = serviceWords(profile);
  const general = oneOf(
    'what services do you offer',
    'what do you offer',
    'what are your prices',
    'how much is it',
    'how much does it cost',
    'how much is that',
    'how long does it take',
    'do you have any (specials | discounts | offers | special offers)',
    'do you have a discount',
  );
  if (names === '') return { service: general };
  return {
    service: `${general} | [<about_service>] <one_service> | (how much does | what does) <one_service> cost | how long does <one_service> take`,
    about_service: oneOf(
      'how much is',
      'how much do you charge for',
      "what's the price of",
      'how long is',
      'do you do',
      'do you offer',
      'do you (repair | fix)',
      'who does',
      'tell me about',
      "i'd like",
      "i'd like to book",
      'can i book',
    ),
    one_service: '[a | an | the] <service_name>',
    service_name: names,
  };
}

function people(profile: Profile): Rules {
  const names = personWords(profile);
  const roles = roleWords(profile);
  const works = 'who works there | who works here | who are your staff';
  const general =
    roles === '' ? works : `${works} | (who is (the | your) | do you have (a | an)) <role>`;
  if (names === '') return { people: general, ...(roles === '' ? {} : { role: roles }) };
  return {
    ...(roles === '' ? {} : { role: roles }),
    people: `${general} | <about_person> <person> [there | in | available] [today]`,
    about_person: oneOf(
      'is',
      'who is',
      "who's",
      'can i speak to',
      'can i talk to',
      "i'd like to speak to",
      "i'd like to leave a message for",
      'leave a message for',
      'can i leave a message for',
    ),
    person: names,
  };
}

function payment(profile: Profile): Rules {
  return {
    payment:
      'how can i pay | (do you take | do you accept | can i pay with | can i pay by) <method>',
    method: methodWords(profile),
  };
}

function answers(profile: Profile): Rules {
  const words = answerWords(profile);
  if (words === '') return {};
  return {
    answers: `(can i | could i | how much is | where can i | do you have | do you take | what about | what is your | what's your | tell me about | i have a question about | is there) [a | an | the | any] <answer_word> [policy]`,
    answer_word: words,
  };
}
