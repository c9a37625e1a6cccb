import { FIRST_NAMES, LAST_NAMES } from './common-names.ts';
import { DAY_WORDS, HOUR_WORDS, personWords, serviceWords } from './entity-words.ts';
import { oneOf, sayable } from './jsgf.ts';
import type { Profile } from './profile.ts';

type Rules = Readonly<Record<string, string>>;

const DIGIT = 'zero | oh | one | two | three | four | five | six | seven | eight | nine';
const DIGITS = { digits: '(<digit> | double <digit> | triple <digit>)+', digit: DIGIT };

const CORRECTED_DIGITS = "[no | no it's | sorry] <digits>";

const ASIDE = oneOf(
  'never mind',
  'sorry',
  'what was that',
  'can you repeat that',
  'hold on',
  'one moment [please]',
  'goodbye',
);

const YES = oneOf(
  'yes',
  'yes please',
  'yes it is',
  "yes that's right",
  "that's right",
  "that's correct",
  "yes that's correct",
  'correct',
  'right',
  'exactly',
  'sure',
  'perfect',
  'yeah',
);

const NO = oneOf(
  'no',
  "no it's not",
  "no that's wrong",
  "that's wrong",
  "that's not right",
  'not quite',
);

export function yesNoRules(): Rules {
  const answer = '<yes> | <no> | <aside> | [no | yes but] <part>';
  return { answer, yes: YES, no: NO, aside: ASIDE, part: PART };
}

/** The number is read back with the message. */
export function messageCheckRules(): Rules {
  const { answer = '', ...rules } = yesNoRules();
  return { answer: `${answer} | ${CORRECTED_DIGITS}`, ...rules, ...DIGITS };
}

export function nameRules(profile: Profile): Rules {
  return {
    answer: '[<lead>] <first> [<last>] [please] | <aside>',
    lead: oneOf(...["it's", 'my name is', 'this is', "i'm", 'the name is', 'yes', 'sure']),
    ...names(profile),
    aside: ASIDE,
  };
}

export function nameCheckRules(profile: Profile): Rules {
  return {
    answer: '<yes> | <no> | <correcting> <first> [<last>] | <aside>',
    correcting: "no it's | no my name is | no this is",
    ...names(profile),
    yes: YES,
    no: NO,
    aside: ASIDE,
  };
}

/** Digits one by one; tens are left out, as 'twenty' and 'two' are too easily taken for one another. */
export function numberRules(): Rules {
  return {
    answer: '[<lead>] <digits> [<correcting> <digits>] | <none> | <aside>',
    lead: "my number is | it's | the number is | sure | yes | and | then",
    correcting: 'sorry | no sorry | no wait',
    ...DIGITS,
    none: NO_DIGITS,
    aside: ASIDE,
  };
}

const NO_DIGITS = oneOf(
  "[call me on | you can call me on | can you call me on | call me back on] (this number | the same number | the number i'm calling from)",
  '(this number | the same number) is fine',
  "i don't have one",
  'no number',
  "i don't want to [give my number]",
  "i'd rather not",
  'no (thanks | thank you | bye | goodbye)',
  'bye',
);

export function numberCheckRules(): Rules {
  return {
    answer: `<yes> | <no> | [no | yes but] the number is wrong | ${CORRECTED_DIGITS} | <aside>`,
    yes: YES,
    no: NO,
    ...DIGITS,
    aside: ASIDE,
  };
}

export function correctionRules(profile: Profile): Rules {
  const { answer: message = '', ...rules } = reasonRules(profile);
  return {
    answer: '[please | no | yes but] <part> [please] | <no> | <yes> | <message>',
    message,
    ...rules,
    part: PART,
    no: NO,
    yes: YES,
  };
}

const PART = oneOf(
  'the name',
  'the number',
  'the message',
  'change the name',
  'change the number',
  'change the message',
  'the name is wrong',
  'the number is wrong',
);

const WHEN = {
  when: '[on] (<day> | tomorrow | the day after tomorrow | today | next week) [morning | afternoon | at <time>]',
  day: DAY_WORDS,
  time: `(${HOUR_WORDS}) [thirty | fifteen | o'clock] [a.m. | p.m. | in the morning | in the afternoon] | noon`,
};

export function dayRules(): Rules {
  return {
    answer: '[then | no | or] (<when> | at <time>) [please] | <yes> | <no> | <undecided> | <aside>',
    ...WHEN,
    undecided: oneOf('any day', 'any time', 'as soon as possible', "i don't know"),
    yes: YES,
    no: NO,
    aside: ASIDE,
  };
}

export function reasonRules(profile: Profile): Rules {
  const services = serviceWords(profile);
  const people = personWords(profile);
  const about = oneOf(
    'my bill',
    'a bill',
    'my appointment',
    'insurance',
    'a payment',
    'a price',
    'an invoice',
  );
  return {
    answer: `[<lead>] (<late> | <wish> | <question> | <call> | <plain>) [please] | <time_only> | <aside>`,
    lead: people === '' ? 'please' : `please tell (${people}) [that] | please`,
    late: "(i'm | i am | i'll be) [running] [five | ten | fifteen | twenty | thirty] [minutes] late",
    wish: `(i'd like to | i want to | i need to) (book | make | cancel | change | move | reschedule | confirm) (an | my) appointment${services === '' ? '' : ' [for [a] <service>]'} [<when>]`,
    ...(services === '' ? {} : { service: services }),
    question: `[i have a question about | it's about | a question about] (${about})`,
    call: 'call me back [<when>] | give me a call | i would like a call back',
    plain: oneOf(
      "i'm in pain",
      "i can't come",
      "i can't make it",
      'i lost something',
      'thank you',
      "i'm sick",
    ),
    time_only: '<when> | at <time>',
    ...WHEN,
    aside: ASIDE,
  };
}

/** Names of the staff are heard too: callers who share one, or are one of them. */
function names(profile: Profile): Rules {
  const staff = profile.staff.map(({ name }) =>
    sayable(name)
      .replace(/^doctor /, '')
      .split(' '),
  );
  return {
    first: oneOf(...FIRST_NAMES, ...staff.flatMap((name) => name.slice(0, 1))),
    last: oneOf(...LAST_NAMES, ...staff.flatMap((name) => name.slice(-1))),
  };
}
