import { answeredName, introducedName } from './caller-name.ts';
import { dictate } from './dictate.ts';
import { sentence, vary } from './inquiry.ts';
import { type Draft, type Memory, NOT_UNDERSTOOD } from './memory.ts';
import { countDigitWords, MIN_NUMBER_DIGITS, readBackNumber } from './spoken-number.ts';
import type { Step } from './step.ts';
import { saysNo, saysYes, type Understanding } from './understanding.ts';

const MAX_REASON_LENGTH = 500;
const SAME_NUMBER = / (?:this number|same number|calling from|number i called|my caller id) /;
const NO_NUMBER = / (?:rather not|not have (?:a|one|any)|no (?:number|phone)) /;

/** Asks for the first thing that a message still lacks, or reads it back. */
export function askNext(draft: Draft, turn: number): Step {
  if (draft.name !== '' && draft.number !== '' && draft.reason !== '') return readBack(draft, turn);
  if (draft.name === '') {
    const text = vary(turn, 'May I have your name, please?', "What's your name, please?");
    return { text, question: 'name', draft };
  }
  const both = !draft.nameChecked && draft.number !== '' && !draft.numberChecked;
  if (both) {
    const text = `I have ${draft.name}, at ${readBackNumber(draft.number)}. Is that right?`;
    return { text, question: 'message-check', draft };
  }
  if (!draft.nameChecked) {
    return { text: `I have ${draft.name}. Is that right?`, question: 'name-check', draft };
  }
  if (draft.number === '') {
    const text = vary(
      turn,
      'And what number can we reach you at?',
      "What's the best number to call you back?",
    );
    return { text, question: 'number', draft };
  }
  if (!draft.numberChecked) {
    const text = `I have ${readBackNumber(draft.number)}. Is that right?`;
    return { text, question: 'number-check', draft };
  }
  const text = vary(turn, "What's it about?", 'What would you like me to pass on?');
  return { text, question: 'reason', draft };
}

/** What the caller answered to the question of a message that is being taken; null: no answer. */
export function takeAnswer(heard: Understanding, memory: Memory): Step | null {
  const { draft, replies } = memory;
  switch (memory.question) {
    case 'name':
      return takeName(heard, draft, replies);
    case 'name-check':
      return checkName(heard, draft, replies);
    case 'number':
      return takeNumber(heard, draft, replies);
    case 'number-check':
      return checkNumber(heard, draft, replies);
    case 'reason':
      return askNext({ ...draft, reason: withReason(draft.reason, heard.text) }, replies);
    case 'message-check':
      return checkMessage(heard, draft, replies);
    case 'correction':
      return correct(heard, draft, replies);
    case 'retry':
      return retry(heard, draft);
    case 'anything':
    case 'choice':
      return null;
  }
}

export function withReason(reason: string, text: string): string {
  const words = text.replace(/^(?:(?:um+|uh+|well|so|yes|okay|hi|hello)[,.]? )+/i, '');
  const more = sentence(words.charAt(0).toUpperCase() + words.slice(1));
  return `${reason} ${more}`.trim().slice(0, MAX_REASON_LENGTH);
}

/** The words of the message itself, said together with the wish to leave one; '' without any. */
export function reasonIn(text: string): string {
  const found =
    /\b(?:(?:please )?(?:tell|let|ask) (?!me\b|us\b)\w+.*|I(?:'m| am|'ll be| will be)(?: going to be)? (?:running|stuck|sick|late).*|about (?:my|a|an|the|your) .*)$/i.exec(
      text,
    )?.[0] ?? '';
  return found
    .replace(
      /[,.]?\s*(?:and\s+)?(?:my (?:phone |telephone |cell )?number|you can reach me|call me (?:back )?(?:at|on)|my name is|this is|thank you|thanks).*$/i,
      '',
    )
    .trim();
}

/** Everything about a message that was said at once. */
export function draftFrom(heard: Understanding, draft: Draft): Draft {
  const name = introducedName(heard.text);
  const number = heard.digits.length >= MIN_NUMBER_DIGITS ? heard.digits : null;
  const reason = reasonIn(heard.text);
  return {
    ...draft,
    ...(name === null ? {} : { name, nameChecked: false }),
    ...(number === null ? {} : { number, numberChecked: false }),
    ...(reason === '' ? {} : { reason: withReason('', reason) }),
  };
}

function takeName(heard: Understanding, draft: Draft, turn: number): Step | null {
  const name = answeredName(heard.text);
  if (name === null) return null;
  return askNext({ ...draftFrom(heard, draft), name, nameChecked: false }, turn);
}

function checkName(heard: Understanding, draft: Draft, turn: number): Step | null {
  if (saysYes(heard)) return askNext({ ...draft, nameChecked: true }, turn);
  const name = answeredName(heard.text);
  if (name !== null) return askNext({ ...draft, name }, turn);
  if (!saysNo(heard)) return null;
  const text = vary(
    turn,
    "I'm sorry. What's your name again?",
    'Sorry. Could you spell your name?',
  );
  return { text, question: 'name', draft: { ...draft, name: '' } };
}

function takeNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
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

function checkNumber(heard: Understanding, draft: Draft, turn: number): Step | null {
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

function sender({ name }: Draft): string {
  return name === NOT_UNDERSTOOD ? "someone whose name I didn't get" : name;
}

function readBack(draft: Draft, turn: number): Step {
  const lead = vary(turn, "Here's what I'll pass on", 'Let me read that back');
  const number = draft.numberChecked ? '' : `, at ${readBackNumber(draft.number)}`;
  const text = `${lead}. From ${sender(draft)}${number}: ${sentence(draft.reason)} Is that right?`;
  return { text, question: 'message-check', draft };
}

function checkMessage(heard: Understanding, draft: Draft, turn: number): Step | null {
  const checked = { ...draft, nameChecked: true, numberChecked: true };
  if (saysYes(heard)) return draft.reason === '' ? askNext(checked, turn) : send(checked, turn);
  const corrected = correct(heard, draft, turn);
  if (corrected) return corrected;
  if (saysNo(heard)) {
    const what =
      draft.reason === '' ? 'the name or the number' : 'the name, the number or the message';
    return { text: `Sorry. What should I change, ${what}?`, question: 'correction', draft };
  }
  if (heard.words.length < 4) return null;
  return askNext({ ...draft, reason: withReason(draft.reason, heard.text) }, turn);
}

function correct(heard: Understanding, draft: Draft, turn: number): Step | null {
  const name = introducedName(heard.text);
  if (heard.digits !== '') return takeNumber(heard, { ...draft, numberChecked: false }, turn);
  if (name !== null) return askNext({ ...draft, name, nameChecked: false }, turn);
  if (/ name /.test(heard.phrase)) return askNext({ ...draft, name: '' }, turn);
  if (/ (?:number|phone) /.test(heard.phrase)) return askNext({ ...draft, number: '' }, turn);
  if (/ (?:message|text|rest) /.test(heard.phrase)) {
    return {
      text: 'All right. What should the message say?',
      question: 'reason',
      draft: { ...draft, reason: '' },
    };
  }
  return null;
}

function retry(heard: Understanding, draft: Draft): Step | null {
  if (saysYes(heard))
    return { text: "I'll try again.", question: 'anything', draft, tool: 'take_message' };
  if (!saysNo(heard)) return null;
  const text = "All right. I'm sorry that I couldn't pass it on. Is there anything else?";
  return { text, question: 'anything', draft: { ...draft, reason: '', recipient: '' } };
}

export function send(draft: Draft, turn: number): Step {
  const text = vary(turn, 'One moment, please.', "Okay, I'm passing that on.");
  return { text, question: 'anything', draft, tool: 'take_message' };
}
