import type { Expectation } from '@earshot/conversation';
import {
  correctionRules,
  dayRules,
  messageCheckRules,
  nameCheckRules,
  nameRules,
  numberCheckRules,
  numberRules,
  reasonRules,
  yesNoRules,
} from './answer-rules.ts';
import { anythingRules } from './anything-rules.ts';
import { grammar } from './jsgf.ts';
import type { Question } from './memory.ts';
import type { Profile } from './profile.ts';

type Rules = Readonly<Record<string, string>>;

const TOPICS: Readonly<Record<Question, string>> = {
  anything: 'anything',
  choice: 'yes-no',
  name: 'name',
  'name-check': 'yes-no',
  number: 'phone-number',
  'number-check': 'yes-no',
  reason: 'reason',
  day: 'reason',
  'message-check': 'yes-no',
  correction: 'correction',
  'send-anyway': 'yes-no',
  retry: 'yes-no',
};

/** Asked for what people have to think of, or answered with a number as well as with yes or no. */
const PATIENT: ReadonlySet<Question> = new Set([
  'number',
  'number-check',
  'message-check',
  'reason',
  'day',
]);

/** What the caller is likely to say to each question, for recognizers that need to know. */
export class Expectations {
  readonly #profile: Profile;
  readonly #made = new Map<Question, Expectation>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  of(question: Question): Expectation {
    const made = this.#made.get(question) ?? this.#make(question);
    this.#made.set(question, made);
    return made;
  }

  #make(question: Question): Expectation {
    const name = question.replaceAll('-', '_');
    return {
      topic: TOPICS[question],
      grammar: grammar(name, rulesOf(question, this.#profile)),
      ...(PATIENT.has(question) ? { patient: true } : {}),
    };
  }
}

function rulesOf(question: Question, profile: Profile): Rules {
  switch (question) {
    case 'anything':
      return anythingRules(profile, false);
    case 'choice':
      return anythingRules(profile, true);
    case 'name':
      return nameRules(profile);
    case 'name-check':
      return nameCheckRules(profile);
    case 'number':
      return numberRules();
    case 'number-check':
      return numberCheckRules();
    case 'day':
      return dayRules();
    case 'reason':
      return reasonRules(profile);
    case 'message-check':
      return messageCheckRules();
    case 'send-anyway':
    case 'retry':
      return yesNoRules();
    case 'correction':
      return correctionRules(profile);
  }
}
