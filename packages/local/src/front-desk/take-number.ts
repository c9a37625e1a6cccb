import { askNext } from './ask-next.ts';
import { dictate } from './dictate.ts';
import { vary } from './inquiry.ts';
import type { Draft } from './memory.ts';
import { countDigitWords, MIN_NUMBER_DIGITS, readBackNumber } from './spoken-number.ts';
import type { Step } from './step.ts';
import { saysNo, saysYes, type Understanding } from './understanding.ts';

const SAME_NUMBER = / (?:this number|same number|calling from|number i called|my caller id) /;
const NO_NUMBER = / (?:rather not|not have (?:a|one|any)|no (?:number|phone)) /;

/** A number dictated at once or in pieces, or what is to stand instead; null: neither. */
export function takeNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
  const isDictated =
    countDigitWords(heard.words) * 3 >= heard.words.length || heard.digits.length > 2;
  if (heard.digits === '' || !isDictated) {
    const instead = insteadOfNumber(heard);
    if (instead === null) return null;
    return askNext({ ...draft, number: instead, numberChecked: true }, turn);
  }
  const number = dictate(heard.words, draft.numberChecked ? '' : draft.number);
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

function insteadOfNumber(heard: Understanding): string | null {
  if (SAME_NUMBER.test(heard.phrase)) return 'the number of this call';
  return saysNo(heard) || NO_NUMBER.test(heard.phrase) ? 'none given' : null;
}

export function checkNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
  if (saysYes(heard)) return askNext({ ...draft, numberChecked: true }, turn);
  if (heard.digits !== '') return takeNumber(heard, draft, turn);
  if (!saysNo(heard)) return null;
  const text = vary(
    turn,
    "I'm sorry. What's the number, digit by digit?",
    'Sorry. Could you say it again, or type it on your phone?',
  );
  return { text, question: 'number', draft: { ...draft, number: '' } };
}
