import { introducedName } from './caller-name.ts';
import { sayGoodbye, spelledEmergency } from './courtesy.ts';
import { vary } from './inquiry.ts';
import { forgotten, type Memory } from './memory.ts';
import { reasonIn, withReason } from './message-words.ts';
import type { Profile } from './profile.ts';
import type { Step } from './step.ts';
import { saysNo, saysYes, type Understanding, weigh } from './understanding.ts';

/** What is said to words that ask for nothing, or for something that is not known. */
export function smallTalk(heard: Understanding, memory: Memory, profile: Profile): Step {
  const question = 'anything';
  const turn = memory.replies;
  const name = introducedName(heard.text);
  const draft = name === null ? memory.draft : { ...memory.draft, name, nameChecked: false };
  if (name !== null) {
    return { text: `Hello ${name.split(' ')[0] ?? ''}. How can I help you?`, question, draft };
  }
  if (weigh(heard, 'how-are-you') > 0)
    return { text: "I'm well, thank you. How can I help you?", question };
  if (weigh(heard, 'thanks') > 0 && !saysNo(heard)) {
    return {
      text: vary(turn, "You're welcome. Is there anything else?", 'My pleasure. Anything else?'),
      question,
    };
  }
  if (saysNo(heard)) return decline(memory, profile);
  if (saysYes(heard))
    return {
      text: `Sure. ${wasAsked(memory) ? 'What else can I do for you?' : 'What would you like to know?'}`,
      question,
    };
  if (weigh(heard, 'hello') > 0 && heard.words.length <= 6) {
    return {
      text: vary(turn, 'Hello! How can I help you?', 'Hi, what can I do for you?'),
      question,
    };
  }
  if (weigh(heard, 'cancel') > 0)
    return { text: 'No problem. What else can I do for you?', question };
  return weigh(heard, 'pain') > 0 ? pain(heard, memory, profile) : unknown(heard, memory);
}

/** Whether there is anything else. */
function wasAsked(memory: Memory): boolean {
  return /anything else|else can I do/i.test(memory.said);
}

/** A 'no' ends the call only where it answers 'anything else?'. */
function decline(memory: Memory, profile: Profile): Step {
  if (wasAsked(memory)) return sayGoodbye(memory, profile);
  return { text: 'Okay. Is there anything else I can help you with?', question: 'anything' };
}

/** Pain is no emergency by itself, and nothing that this desk can judge. */
function pain(heard: Understanding, memory: Memory, profile: Profile): Step {
  const text = `I'm sorry to hear that. In an emergency, please hang up and call ${spelledEmergency(profile)}. Would you like to leave a message, so that someone can call you back?`;
  const draft = { ...forgotten(memory.draft), reason: withReason('', heard.text) };
  return { text, question: 'choice', draft };
}

/** Honest, and useful: the question itself becomes the message. */
function unknown(heard: Understanding, memory: Memory): Step {
  const text = vary(
    memory.replies,
    "I'm sorry, I don't know that. Would you like to leave a message, so that someone can call you back?",
    "That's something I can't answer, I'm afraid. Shall I take a message for you?",
  );
  const reason = withReason('', reasonIn(heard.text) || heard.text);
  return { text, question: 'choice', draft: { ...forgotten(memory.draft), reason } };
}
