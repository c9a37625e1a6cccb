import { questionOf } from './ask-again.ts';
import { vary } from './inquiry.ts';
import type { Intent } from './intent.ts';
import { forgotten, type Memory, NO_DRAFT } from './memory.ts';
import type { Profile } from './profile.ts';
import type { Step } from './step.ts';
import { answerIn } from './tell-business.ts';
import { confirms, type Understanding, weigh } from './understanding.ts';

const LEAVE: ReadonlySet<Intent> = new Set(['goodbye', 'no', 'thanks', 'hello']);

/** What can be said at any moment of a call. */
export function courtesy(heard: Understanding, memory: Memory, profile: Profile): Step | null {
  if (weigh(heard, 'emergency') > 0) return emergency(heard, memory, profile);
  // In the middle of a message these words may be its text, unless they stand alone.
  if (memory.question === 'reason' && heard.words.length > 5) return null;
  const strongest = Math.max(...[...heard.weights.values(), 0]);
  const isPlain = (intent: Intent) => weigh(heard, intent) >= strongest && weigh(heard, intent) > 0;
  const isSent = memory.question === 'message-check' || memory.question === 'send-anyway';
  // 'Yes, thank you, bye' has the message passed on first.
  if (isSent && confirms(heard)) return null;
  if (isPlain('goodbye') || takesLeave(heard)) return sayGoodbye(memory, profile);
  if (isPlain('repeat')) return repeat(memory);
  if (isPlain('hold')) {
    const text = vary(memory.replies, 'Sure, take your time.', 'Of course, no hurry.');
    return { lead: text, text: '', question: memory.question };
  }
  const isTaking = memory.question !== 'anything' && memory.question !== 'choice';
  if (isTaking && isPlain('cancel')) {
    const draft = forgotten(memory.draft);
    return {
      text: "Okay, I won't leave a message. What else can I do for you?",
      question: 'anything',
      draft,
    };
  }
  if (isPlain('who-are-you')) return introduce(memory, profile);
  return null;
}

/** 'No, thank you, goodbye.' */
function takesLeave(heard: Understanding): boolean {
  const others = [...heard.weights.keys()].filter((intent) => !LEAVE.has(intent));
  return weigh(heard, 'goodbye') > 0 && others.length === 0;
}

function emergency(heard: Understanding, memory: Memory, profile: Profile): Step {
  const known = answerIn(profile, heard.stems);
  const more = known ? known.answer : questionOf({ ...memory, question: 'choice' });
  const text = `If anyone is in danger, please hang up and call ${spelledEmergency(profile)} right away. ${more}`;
  return { text, question: known ? 'anything' : 'choice' };
}

/** Digit by digit, as it is dialled. */
export function spelledEmergency({ emergencyNumber = '911' }: Profile): string {
  return [...emergencyNumber].join(' ');
}

function introduce(memory: Memory, profile: Profile): Step {
  const lead = `I'm the automated assistant of ${profile.name}, not a person. I can answer questions and take messages.`;
  return { lead, text: questionOf(memory), question: memory.question };
}

function repeat(memory: Memory): Step {
  const lead = vary(memory.replies, 'Of course.', 'Sure, once more.');
  return { lead, text: memory.said || questionOf(memory), question: memory.question };
}

export function sayGoodbye(memory: Memory, profile: Profile): Step {
  const isTaking = memory.question !== 'anything' && memory.question !== 'choice';
  const lead = isTaking
    ? "Okay, I haven't passed a message on."
    : vary(memory.replies, 'All right.', 'Okay.');
  const thanks = memory.placed
    ? 'Thank you for your time.'
    : `Thank you for calling ${profile.name}.`;
  const text = `${lead} ${thanks} Goodbye!`;
  return { text, question: 'anything', draft: NO_DRAFT, tool: 'end_call' };
}
