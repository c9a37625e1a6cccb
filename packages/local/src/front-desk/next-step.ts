import { answerQuestion, questionsIn } from './answer-question.ts';
import { askAgain, askWhetherThere, questionOf } from './ask-again.ts';
import { introducedName } from './caller-name.ts';
import { type Inquiry, vary } from './inquiry.ts';
import type { Intent } from './intent.ts';
import { type Draft, type Memory, NO_DRAFT } from './memory.ts';
import type { LocalTime } from './opening-hours.ts';
import type { Profile } from './profile.ts';
import { MIN_NUMBER_DIGITS } from './spoken-number.ts';
import type { Step } from './step.ts';
import { askNext, draftFrom, reasonIn, takeAnswer, withReason } from './take-message.ts';
import { answerIn, staffIn } from './tell-business.ts';
import { dayIn } from './tell-hours.ts';
import { saysNo, saysYes, type Understanding, weigh } from './understanding.ts';

/** Where the call is answered, and when. */
export interface Desk {
  readonly profile: Profile;
  readonly now: LocalTime;
}

const PLAIN = 4;
const ASKS =
  /^ (?:(?:and|but|wait|sorry|actually|oh|first) )*(?:what|when|where|who|how|do|does|are|is|can|could|will|which) /;

/** The next step of the dialogue. Pure, and defined for whatever the caller says. */
export function nextStep(heard: Understanding, memory: Memory, desk: Desk): Step {
  if (heard.kind === 'silent') return askWhetherThere(memory, desk.profile.name);
  if (heard.kind === 'unclear') return askAgain(memory);
  return (
    courtesy(heard, memory, desk) ??
    interposed(heard, memory, desk) ??
    takeAnswer(heard, memory) ??
    choose(heard, memory, desk) ??
    (memory.question === 'anything' ? serve(heard, memory, desk) : askAgain(memory))
  );
}

/** What can be said at any moment of a call. */
function courtesy(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  const { profile } = desk;
  if (weigh(heard, 'emergency') > 0) return emergency(heard, memory, profile);
  // In the middle of a message these words may be its text, unless they stand alone.
  if (memory.question === 'reason' && heard.words.length > 5) return null;
  const strongest = Math.max(...[...heard.weights.values(), 0]);
  const isPlain = (intent: Intent) => weigh(heard, intent) >= strongest && weigh(heard, intent) > 0;
  if (isPlain('goodbye')) return sayGoodbye(memory, profile);
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

/** A question in the middle of a message: answered, then back to where we were. */
function interposed(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  const { question } = memory;
  if (question === 'anything' || question === 'choice' || question === 'reason') return null;
  if (heard.digits.length > 2 || introducedName(heard.text) !== null) return null;
  if (!ASKS.test(heard.phrase)) return null;
  const inquiry = inquiryOf(heard, memory, desk);
  const [found] = questionsIn(heard, inquiry, memory.intent);
  if (found === undefined || found.weight < PLAIN) return null;
  const told = answerQuestion(found.topic, inquiry);
  const lead = told.offersMessage ? "I'm sorry, I don't know that." : told.text;
  return { lead, text: questionOf(memory), question, intent: found.topic };
}

/** The answer to 'would you like to leave a message?'. */
function choose(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  if (memory.question !== 'choice') return null;
  if (saysYes(heard)) return askNext(draftFrom(heard, memory.draft), memory.replies);
  const free = { ...memory, draft: forgotten(memory.draft) };
  if (saysNo(heard) || weigh(heard, 'cancel') > 0) {
    const text = vary(memory.replies, 'Okay.', 'All right.');
    return {
      lead: text,
      text: 'Is there anything else I can help you with?',
      question: 'anything',
      draft: free.draft,
    };
  }
  return { draft: free.draft, ...serve(heard, free, desk) };
}

/** Whatever a caller may want at the front desk. */
function serve(heard: Understanding, memory: Memory, desk: Desk): Step {
  const inquiry = inquiryOf(heard, memory, desk);
  const questions = questionsIn(heard, inquiry, memory.intent);
  const asked = questions[0]?.weight ?? 0;
  const isAnswered = questions[0]?.topic === 'answer';
  const wish = weigh(heard, 'appointment');
  const message = weigh(heard, 'message');
  if (heard.digits.length >= MIN_NUMBER_DIGITS || heard.text === '0')
    return start(heard, memory, desk);
  if (message >= PLAIN && message >= asked) return start(heard, memory, desk);
  if (wish >= PLAIN && wish > asked && !isAnswered) return takeWish(heard, memory, desk);
  if (questions.length > 0) return tell(questions, inquiry, memory);
  return chat(heard, memory, desk);
}

function tell(questions: ReturnType<typeof questionsIn>, inquiry: Inquiry, memory: Memory): Step {
  const told = questions.map(({ topic }) => answerQuestion(topic, inquiry));
  const offers = told.some(({ offersMessage }) => offersMessage);
  const asks = offers || told.some((one) => one.asks);
  const more = !asks && memory.replies % 2 === 1 ? ' Anything else I can help with?' : '';
  const service = told.find((one) => one.service !== undefined)?.service;
  const member = staffIn(inquiry.profile, inquiry.phrase);
  return {
    text: told.map(({ text }) => text).join(' ') + more,
    question: offers ? 'choice' : 'anything',
    intent: questions[0]?.topic ?? '',
    ...(service === undefined ? {} : { service }),
    ...(offers ? { draft: { ...forgotten(memory.draft), recipient: member?.name ?? '' } } : {}),
  };
}

function start(heard: Understanding, memory: Memory, { profile }: Desk): Step {
  const recipient = staffIn(profile, heard.phrase)?.name ?? '';
  const draft = { ...draftFrom(heard, forgotten(memory.draft)), recipient };
  const wantsPerson = / (?:speak|talk|transfer|connect|put me|get me|operator|person|human) /.test(
    heard.phrase,
  );
  const lead = wantsPerson
    ? `I can't put you through, but I'll take a message${recipient ? ` for ${recipient}` : ''}.`
    : vary(
        memory.replies,
        `Sure, I'll take a message${recipient ? ` for ${recipient}` : ''}.`,
        'Of course.',
      );
  return { ...askNext(draft, memory.replies), lead };
}

function takeWish(heard: Understanding, memory: Memory, { profile, now }: Desk): Step {
  const draft = {
    ...draftFrom(heard, forgotten(memory.draft)),
    reason: withReason('', heard.text),
  };
  const named = { ...draft, recipient: staffIn(profile, heard.phrase)?.name ?? '' };
  const isChange = / (?:cancel|change|move|reschedule|confirm|push back) /.test(heard.phrase);
  const lead = isChange
    ? "I can't change appointments myself, but I'll pass it on."
    : "I can't book it myself, but I'll pass your wish on.";
  if (dayIn(heard.phrase, now)) return { ...askNext(named, memory.replies), lead };
  const text = isChange
    ? 'What day and time is your appointment?'
    : 'What day and time would suit you?';
  return { lead, text, question: 'reason', draft: named };
}

function chat(heard: Understanding, memory: Memory, { profile }: Desk): Step {
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
  if (saysNo(heard)) return sayGoodbye(memory, profile);
  if (saysYes(heard)) return { text: 'Sure. What would you like to know?', question };
  if (weigh(heard, 'hello') > 0 && heard.words.length <= 6) {
    return {
      text: vary(turn, 'Hello! How can I help you?', 'Hi, what can I do for you?'),
      question,
    };
  }
  if (weigh(heard, 'cancel') > 0)
    return { text: 'No problem. What else can I do for you?', question };
  return unknown(heard, memory);
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

function emergency(heard: Understanding, memory: Memory, profile: Profile): Step {
  const number = [...(profile.emergencyNumber ?? '911')].join(' ');
  const known = answerIn(profile, heard.stems);
  const more = known ? known.answer : questionOf({ ...memory, question: 'choice' });
  const text = `If anyone is in danger, please hang up and call ${number} right away. ${more}`;
  return { text, question: known ? 'anything' : 'choice' };
}

function introduce(memory: Memory, profile: Profile): Step {
  const lead = `I'm the automated assistant of ${profile.name}, not a person. I can answer questions and take messages.`;
  return { lead, text: questionOf(memory), question: memory.question };
}

function repeat(memory: Memory): Step {
  const lead = vary(memory.replies, 'Of course.', 'Sure, once more.');
  return { lead, text: memory.said || questionOf(memory), question: memory.question };
}

function sayGoodbye(memory: Memory, profile: Profile): Step {
  const isTaking = memory.question !== 'anything' && memory.question !== 'choice';
  const lead = isTaking
    ? "Okay, I haven't passed a message on."
    : vary(memory.replies, 'All right.', 'Okay.');
  const text = `${lead} Thank you for calling ${profile.name}. Goodbye!`;
  return { text, question: 'anything', draft: NO_DRAFT, tool: 'end_call' };
}

// Who is calling stays known for a second message; what it was about does not.
function forgotten(draft: Draft): Draft {
  return { ...draft, reason: '', recipient: '' };
}

function inquiryOf(heard: Understanding, memory: Memory, { profile, now }: Desk): Inquiry {
  const { phrase, stems } = heard;
  return { profile, phrase, stems, now, lastService: memory.service, turn: memory.replies };
}
