import { askNext, send } from './ask-next.ts';
import { answeredName, evidentName } from './caller-name.ts';
import { type Draft, forgotten, type Memory } from './memory.ts';
import { withReason } from './message-words.ts';
import type { Step } from './step.ts';
import { insteadOfNumber, takeNumber, withoutDictation } from './take-number.ts';
import {
  beyondNo,
  confirms,
  isMereYes,
  saysNo,
  saysYes,
  type Understanding,
} from './understanding.ts';

const WRONG = / (?:wrong|incorrect|change|correct|not right|fix|mistake) /;
/** What follows corrects the message or belongs to it. */
const BUT = / (?:but|except) /;
/** Longest answer to 'what should I change?' that only names a part, in words. */
const PART_WORDS = 5;

/** The answer to the message as it was read back. */
export function checkMessage(heard: Understanding, draft: Draft, turn: number): Step | null {
  const checked = { ...draft, nameChecked: true, numberChecked: true };
  const isRight = confirms(heard) && !BUT.test(heard.phrase);
  if (isRight) return draft.reason === '' ? askNext(checked, turn) : send(checked, turn);
  const corrected = correct(heard, draft, turn);
  if (corrected) return corrected;
  if (saysNo(heard)) return replaceMessage(heard, draft, turn) ?? askWhatToChange(draft);
  if (heard.words.length < 3) return null;
  return askNext({ ...draft, reason: withReason(draft.reason, heard.text) }, turn);
}

/** The answer to 'what should I change?': a part of the message, or its new words themselves. */
export function takeCorrection(heard: Understanding, memory: Memory): Step | null {
  const { draft, replies, unclear } = memory;
  const corrected = correct(heard, draft, replies);
  if (corrected) return corrected;
  if (isMereYes(heard)) return unclear === 0 ? null : askWhetherToSend(draft, replies);
  const isNothing = saysNo(heard) && beyondNo(heard.text) === '';
  return isNothing ? askWhetherToSend(draft, replies) : replaceMessage(heard, draft, replies);
}

/** The answer to 'shall I pass it on as it is?', with which correcting ends. */
export function decideToSend(heard: Understanding, draft: Draft, turn: number): Step | null {
  if (confirms(heard)) return send(draft, turn);
  const corrected = correct(heard, draft, turn);
  if (corrected || !saysNo(heard)) return corrected;
  const text = "All right, I won't pass it on. What else can I do for you?";
  return { text, question: 'anything', draft: forgotten(draft) };
}

/** The answer to whether to try once more to save the message. */
export function retry(heard: Understanding, draft: Draft): Step | null {
  if (saysYes(heard))
    return { text: "I'll try again.", question: 'anything', draft, tool: 'take_message' };
  if (!saysNo(heard)) return null;
  const text = "All right. I'm sorry that I couldn't pass it on. Is there anything else?";
  return { text, question: 'anything', draft: forgotten(draft) };
}

function correct(heard: Understanding, draft: Draft, turn: number): Step | null {
  if (heard.digits !== '') {
    const taken = takeNumber(heard, { ...draft, numberChecked: false }, turn);
    if (taken) return taken;
  }
  const name = draft.reason === '' ? answeredName(heard.text) : evidentName(heard.text);
  if (name !== null) return askNext({ ...draft, name, nameChecked: false }, turn);
  const instead = insteadOfNumber(heard);
  if (instead !== null && heard.words.length <= 2 * PART_WORDS)
    return withoutDictation(instead, draft, turn);
  // In a longer sentence these words are part of the message.
  if (heard.words.length > PART_WORDS && !WRONG.test(heard.phrase)) return null;
  if (/ name /.test(heard.phrase)) return askNext({ ...draft, name: '' }, turn);
  if (/ (?:number|phone) /.test(heard.phrase)) return askNext({ ...draft, number: '' }, turn);
  if (!/ (?:message|text|rest) /.test(heard.phrase)) return null;
  return {
    text: 'All right. What should the message say?',
    question: 'reason',
    draft: { ...forgotten(draft), recipient: draft.recipient },
  };
}

/** Words that name no part are the message as it should be; one alone is too easily misheard. */
function replaceMessage(heard: Understanding, draft: Draft, turn: number): Step | null {
  const words = beyondNo(heard.text);
  if (draft.reason === '' || !words.includes(' ') || WRONG.test(heard.phrase)) return null;
  // What the wish is for must not be lost for a word about it.
  if (draft.appointment !== '')
    return askNext({ ...draft, reason: withReason(draft.reason, words) }, turn);
  const renewed = { ...forgotten(draft), recipient: draft.recipient };
  return askNext({ ...renewed, reason: withReason('', words) }, turn);
}

function askWhatToChange(draft: Draft): Step {
  const what =
    draft.reason === '' ? 'the name or the number' : 'the name, the number or the message';
  return { text: `Sorry. What should I change, ${what}?`, question: 'correction', draft };
}

function askWhetherToSend(draft: Draft, turn: number): Step {
  // Without a message there is nothing to pass on yet.
  if (draft.reason === '')
    return askNext({ ...draft, nameChecked: true, numberChecked: true }, turn);
  return { text: 'Then shall I pass it on as it is?', question: 'send-anyway', draft };
}
