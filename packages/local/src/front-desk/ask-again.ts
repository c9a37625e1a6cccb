import { dayQuestion } from './appointment.ts';
import { askNext, send } from './ask-next.ts';
import { type Memory, NOT_UNDERSTOOD, type Question } from './memory.ts';
import type { Step } from './step.ts';

/** What to say when nothing was understood, one after another; each narrows the question. */
const NARROWED: Readonly<Record<Question, readonly [string, string, string]>> = {
  anything: [
    "Sorry, I didn't catch that. Are you asking about our hours, our prices, or something else?",
    "I'm sorry, I still didn't get that. Is it about when we're open, or where we are?",
    'It is hard to hear you. Could you say it in a few words, like opening hours, or leave a message?',
  ],
  choice: [
    'Sorry, was that a yes or a no?',
    'Would you like to leave a message? Please say yes or no.',
    'You can also press one for yes, or two for no.',
  ],
  name: [
    "Sorry, I didn't catch your name. What is it, please?",
    'I still missed that. Could you say just your first name?',
    'Could you say your first and last name once more, slowly?',
  ],
  'name-check': [
    'Sorry, did I get your name right?',
    'Is the name right? Please say yes or no.',
    'You can press one if the name is right, or two if it is not.',
  ],
  number: [
    "Sorry, I didn't catch the number. Could you say it digit by digit?",
    'I still missed that. Could you say it slowly, one digit at a time?',
    "Let's try it another way. Please type the number on your phone.",
  ],
  'number-check': [
    'Sorry, did I get the number right?',
    'Is the number right? Please say yes or no.',
    'You can press one if the number is right, or two if it is not.',
  ],
  reason: [
    "Sorry, I didn't catch that. What's it about, in a few words?",
    'I still missed that. Is it about an appointment, a bill, or something else?',
    'Could you say it once more, in just a few words?',
  ],
  day: [
    "Sorry, I didn't catch that. Which day and time?",
    'I still missed that. Which day of the week, and at what time?',
    'Could you say just the day and the hour?',
  ],
  'message-check': [
    'Sorry, is that right? Yes or no?',
    'Is the message right? Please say yes or no.',
    'You can press one if the message is right, or two to change it.',
  ],
  correction: [
    'Sorry, should I change the name, the number or the message?',
    'Please say name, number or message.',
    'Which part is wrong: name, number, or message?',
  ],
  'send-anyway': [
    'Sorry, shall I pass it on as it is? Yes or no?',
    'Shall I pass the message on? Please say yes or no.',
    'You can press one to send the message, or two to drop it.',
  ],
  retry: [
    'Sorry, should I try again? Yes or no?',
    'Shall I try to send it again?',
    'You can press one to try again, or two to leave it.',
  ],
};

const SILENT = ['Are you still there?', "I can't hear you at the moment.", 'Hello?'] as const;

/** The question once more in other words; after three times in a row, another way. */
export function askAgain(memory: Memory): Step {
  const narrowed = NARROWED[memory.question][memory.unclear];
  if (narrowed === undefined) return giveUp(memory);
  return { text: narrowed, question: memory.question, lost: true };
}

/** To a caller who says nothing; after three times the call ends. */
export function askWhetherThere(memory: Memory, business: string): Step {
  const lead = SILENT[memory.unclear];
  if (lead === undefined) {
    const again = memory.placed ? '' : ` Please call ${business} again.`;
    const text = `I can't hear you, so I'll hang up now.${again} Goodbye.`;
    return { text, question: 'anything', tool: 'end_call' };
  }
  return { lead, text: questionOf(memory), question: memory.question, lost: true };
}

/** The question that is open, short. */
export function questionOf(memory: Memory): string {
  switch (memory.question) {
    case 'anything':
      return 'How can I help you?';
    case 'choice':
      return 'Would you like to leave a message?';
    case 'reason':
      return "What's it about?";
    case 'day':
      return dayQuestion(memory.draft);
    case 'correction':
      return 'What should I change?';
    case 'send-anyway':
      return 'Shall I pass it on as it is?';
    case 'retry':
      return 'Shall I try again?';
    case 'name':
    case 'name-check':
    case 'number':
    case 'number-check':
    case 'message-check':
      return askNext(memory.draft, memory.replies).text;
  }
}

function giveUp({ question, draft, replies }: Memory): Step {
  switch (question) {
    case 'anything': {
      const text =
        "I'm having trouble understanding you. Would you like to leave a message, so that someone can call you back?";
      return { text, question: 'choice' };
    }
    case 'choice':
    case 'retry':
      return { text: "I'll take that as a no. What else can I do for you?", question: 'anything' };
    case 'name':
      return goOn(askNext({ ...draft, name: NOT_UNDERSTOOD, nameChecked: true }, replies));
    case 'name-check':
      return goOn(askNext({ ...draft, nameChecked: true }, replies));
    case 'number':
      return goOn(askNext({ ...draft, number: NOT_UNDERSTOOD, numberChecked: true }, replies));
    case 'number-check':
      return goOn(askNext({ ...draft, numberChecked: true }, replies));
    case 'reason':
      return goOn(askNext({ ...draft, reason: 'Please call back.' }, replies));
    case 'day':
      return goOn(askNext(draft, replies));
    case 'message-check':
    case 'correction':
    case 'send-anyway':
      return goOn(send(draft, replies));
  }
}

// A message that is not confirmed serves the caller better than none.
function goOn(step: Step): Step {
  return { ...step, lead: "I'm having trouble hearing you, so let's go on." };
}
