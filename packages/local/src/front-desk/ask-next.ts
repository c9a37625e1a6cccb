import { sentence, vary } from './inquiry.ts';
import { type Draft, NOT_GIVEN, NOT_UNDERSTOOD } from './memory.ts';
import { messageOf } from './message-words.ts';
import { readBackNumber } from './spoken-number.ts';
import type { Step } from './step.ts';

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

export function send(draft: Draft, turn: number): Step {
  const text = vary(turn, 'One moment, please.', "Okay, I'm passing that on.");
  return { text, question: 'anything', draft, tool: 'take_message' };
}

function sender({ name }: Draft): string {
  if (name === NOT_GIVEN) return 'someone who gave no name';
  return name === NOT_UNDERSTOOD ? "someone whose name I didn't get" : name;
}

function readBack(draft: Draft, turn: number): Step {
  const lead = vary(turn, "Here's what I'll pass on", 'Let me read that back');
  const number = draft.numberChecked ? '' : `, at ${readBackNumber(draft.number)}`;
  const text = `${lead}. From ${sender(draft)}${number}: ${sentence(messageOf(draft))} Is that right?`;
  return { text, question: 'message-check', draft };
}
