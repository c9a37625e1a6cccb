import { askNext } from './ask-next.ts';
import { dictate } from './dictate.ts';
import { vary } from './inquiry.ts';
import { type Draft, NOT_GIVEN } from './memory.ts';
import { countDigitWords, MIN_NUMBER_DIGITS, readBackNumber } from './spoken-number.ts';
import type { Step } from './step.ts';
import { THIS_CALL } from './this-call.ts';
import { confirms, findsFault, saysNo, type Understanding } from './understanding.ts';

const SAME_NUMBER =
  / (?:(?:this|same|that) number|(?:number|one|phone) (?:that )?i (?:am calling|am on|called|call|am using|use)(?: you)?(?: from)?|my caller id|(?:number|one) you (?:see|can see)|this phone) /;
const REFUSAL =
  / (?:rather not|prefer not|(?:do|will|would) not (?:want|wish|like|care|feel)|not (?:give|giving|share|sharing|comfortable)|not (?:have|know) (?:a|one|any|it|my)|no (?:number|phone)|without (?:a |my )?number|none of your business|is private|not necessary|do not need) |^ (?:none|nothing|i have none) $/;

/** A number dictated at once or in pieces, or what is to stand instead; null: neither. */
export function takeNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
  const isDictated =
    countDigitWords(heard.words) * 3 >= heard.words.length || heard.digits.length > 2;
  if (heard.digits === '' || !isDictated) {
    const instead = insteadOfNumber(heard);
    return instead === null ? null : withoutDictation(instead, draft, turn);
  }
  const known = !draft.numberChecked && /^\+?\d/.test(draft.number) ? draft.number : '';
  const number = dictate(heard.words, known);
  if (number === null) {
    const text = "That's more digits than a phone number has. Could you say it once more?";
    return { text, question: 'number', draft: { ...draft, number: '' } };
  }
  if (number.length < MIN_NUMBER_DIGITS) {
    const text = vary(
      turn,
      `I have ${readBackNumber(number)} so far. Please go on.`,
      `${readBackNumber(number)}. And then?`,
    );
    return { text, question: 'number', draft: { ...draft, number, numberChecked: false } };
  }
  return askNext({ ...draft, number, numberChecked: false }, turn);
}

/** The answer to what the number is: who says no has none to give. */
export function answerNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
  const taken = takeNumber(heard, draft, turn);
  return taken ?? (saysNo(heard) ? withoutDictation(NOT_GIVEN, draft, turn) : null);
}

/** What stands for a number that is not dictated: the one of this call, or that there is none. */
export function insteadOfNumber(heard: Understanding): string | null {
  if (isThisNumber(heard)) return THIS_CALL;
  return refuses(heard) ? NOT_GIVEN : null;
}

/** The number of the call is the one to call back. */
export function isThisNumber(heard: Understanding): boolean {
  return SAME_NUMBER.test(heard.phrase);
}

/** The caller does not want to tell, or has nothing to tell. */
export function refuses(heard: Understanding): boolean {
  return REFUSAL.test(heard.phrase);
}

/** The message goes on without digits. */
export function withoutDictation(number: string, draft: Draft, turn: number): Step {
  const lead = number === NOT_GIVEN ? "That's fine." : 'All right.';
  return { lead, ...askNext({ ...draft, number, numberChecked: true }, turn) };
}

export function checkNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
  if (confirms(heard)) return askNext({ ...draft, numberChecked: true }, turn);
  const taken = takeNumber(heard, draft, turn);
  if (taken || !(saysNo(heard) || findsFault(heard))) return taken;
  const text = vary(
    turn,
    "I'm sorry. What's the number, digit by digit?",
    'Sorry. Could you say it again, or type it on your phone?',
  );
  return { text, question: 'number', draft: { ...draft, number: '' } };
}
