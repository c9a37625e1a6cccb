import { askNext } from './ask-next.ts';
import { answeredName, introducedName } from './caller-name.ts';
import { checkMessage, decideToSend, retry, takeCorrection } from './check-message.ts';
import { vary } from './inquiry.ts';
import { type Draft, type Memory, NOT_GIVEN } from './memory.ts';
import { reasonIn, withReason } from './message-words.ts';
import { MIN_NUMBER_DIGITS } from './spoken-number.ts';
import type { Step } from './step.ts';
import { answerNumber, checkNumber, isThisNumber, refuses } from './take-number.ts';
import { THIS_CALL } from './this-call.ts';
import { beyondNo, isMereYes, saysNo, saysYes, type Understanding } from './understanding.ts';

/** What the caller answered to the question of a message that is being taken; null: no answer. */
export function takeAnswer(heard: Understanding, memory: Memory): Step | null {
  const { draft, replies } = memory;
  switch (memory.question) {
    case 'name':
      return takeName(heard, draft, replies);
    case 'name-check':
      return checkName(heard, draft, replies);
    case 'number':
      return answerNumber(heard, draft, replies);
    case 'number-check':
      return checkNumber(heard, draft, replies);
    case 'reason':
      return takeReason(heard, memory);
    case 'message-check':
      return checkMessage(heard, draft, replies);
    case 'correction':
      return takeCorrection(heard, memory);
    case 'send-anyway':
      return decideToSend(heard, draft, replies);
    case 'retry':
      return retry(heard, draft);
    case 'day':
    case 'anything':
    case 'choice':
      return null;
  }
}

/** Everything about a message that was said at once. */
export function draftFrom(heard: Understanding, draft: Draft): Draft {
  const name = introducedName(heard.text);
  const dictated = heard.digits.length >= MIN_NUMBER_DIGITS ? heard.digits : null;
  const number = dictated ?? (isThisNumber(heard) ? THIS_CALL : null);
  const reason = reasonIn(heard.text);
  return {
    ...draft,
    ...(name === null ? {} : { name, nameChecked: false }),
    ...(number === null ? {} : { number, numberChecked: number === THIS_CALL }),
    ...(reason === '' ? {} : { reason: withReason('', reason) }),
  };
}

function takeName(heard: Understanding, draft: Draft, turn: number): Step | null {
  const name = answeredName(heard.text);
  if (name === null && refuses(heard)) {
    const unnamed = { ...draftFrom(heard, draft), name: NOT_GIVEN, nameChecked: true };
    return { lead: "That's fine.", ...askNext(unnamed, turn) };
  }
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

/** Mere assent is no message; who has none to leave is called back. */
function takeReason(heard: Understanding, { draft, replies, unclear }: Memory): Step | null {
  if (isMereYes(heard)) {
    const text = 'Sure. What would you like me to pass on?';
    return unclear === 0 ? { text, question: 'reason', lost: true } : null;
  }
  const isNothing = saysNo(heard) && beyondNo(heard.text) === '';
  const words = isNothing ? 'Please call back.' : heard.text;
  return askNext({ ...draft, reason: withReason(draft.reason, words) }, replies);
}
