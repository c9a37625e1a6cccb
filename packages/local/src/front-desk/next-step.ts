import { answerQuestion, questionsIn } from './answer-question.ts';
import { askDay, dated, takeDay } from './appointment.ts';
import { askAgain, askWhetherThere, questionOf } from './ask-again.ts';
import { askNext } from './ask-next.ts';
import { introducedName } from './caller-name.ts';
import { courtesy } from './courtesy.ts';
import type { Desk } from './desk.ts';
import { type Inquiry, type Told, vary } from './inquiry.ts';
import { type Draft, forgotten, type Memory } from './memory.ts';
import { withReason } from './message-words.ts';
import { smallTalk } from './small-talk.ts';
import { MIN_NUMBER_DIGITS } from './spoken-number.ts';
import type { Step } from './step.ts';
import { draftFrom, takeAnswer } from './take-message.ts';
import { staffIn } from './tell-business.ts';
import { servicesIn } from './tell-services.ts';
import { saysNo, saysYes, type Understanding, understand, weigh } from './understanding.ts';

const PLAIN = 4;
const NEVER_MIND =
  /^(?:(?:oh|okay|ok|no|well|actually|um+|uh+|sorry|wait)\b[,.!]? )*(?:never ?mind|forget (?:about )?(?:it|that)|cancel (?:that|it|(?:the|my) message)|leave it|no message|skip (?:it|the message))\b[\s,.;:!–-]*/i;
const ASKS =
  /^ (?:(?:and|but|wait|sorry|actually|oh|first|so|then|at) )*(?:what|when|where|who|how|do|does|are|is|can|could|will|which) /;

/** The next step of the dialogue. Pure, and defined for whatever the caller says. */
export function nextStep(heard: Understanding, memory: Memory, desk: Desk): Step {
  if (heard.kind === 'silent') return askWhetherThere(memory, desk.profile.name);
  if (heard.kind === 'unclear') return askAgain(memory);
  return (
    withdraw(heard, memory, desk) ??
    courtesy(heard, memory, desk.profile) ??
    interposed(heard, memory, desk) ??
    takeDay(heard, memory, desk) ??
    takeAnswer(heard, memory) ??
    choose(heard, memory, desk) ??
    (memory.question === 'anything' ? serve(heard, memory, desk) : askAgain(memory))
  );
}

/** No message, but a question: 'never mind, how much is a cleaning?' */
function withdraw(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  if (memory.question === 'anything' || weigh(heard, 'cancel') === 0) return null;
  const rest = heard.text.replace(NEVER_MIND, '');
  if (rest === heard.text) return null;
  const asked = understand([{ speaker: 'caller', text: rest }]);
  const [found] = questionsIn(asked, inquiryOf(asked, memory, desk), memory.intent);
  if (found === undefined || found.weight < PLAIN) return null;
  const free: Memory = { ...memory, question: 'anything', draft: forgotten(memory.draft) };
  const lead = memory.question === 'choice' ? 'Okay.' : "Okay, I won't leave a message.";
  return { draft: free.draft, ...serve(asked, free, desk), lead };
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
  const named = servicesIn(inquiry.profile, inquiry.stems).length > 0;
  const wish = weigh(heard, 'appointment') * (named ? 2 : 1);
  const message = weigh(heard, 'message');
  if (heard.digits.length >= MIN_NUMBER_DIGITS || heard.text === '0')
    return start(heard, memory, desk);
  if (message >= PLAIN && message >= asked) return start(heard, memory, desk);
  if (wish >= PLAIN && wish > asked && !isAnswered) return takeWish(heard, memory, desk);
  if (questions.length > 0 && weigh(heard, 'hello') < PLAIN)
    return tell(questions, inquiry, memory);
  return smallTalk(heard, memory, desk.profile);
}

function tell(questions: ReturnType<typeof questionsIn>, inquiry: Inquiry, memory: Memory): Step {
  const told = questions
    .map(({ topic }) => answerQuestion(topic, inquiry))
    .sort((a, b) => Number(endsInQuestion(a)) - Number(endsInQuestion(b)));
  const offers = told.some(({ offersMessage }) => offersMessage);
  const asks = told.some(endsInQuestion);
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

function endsInQuestion(told: Told): boolean {
  return told.asks === true || told.offersMessage === true;
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

function takeWish(heard: Understanding, memory: Memory, desk: Desk): Step {
  const isChange = / (?:cancel|change|move|reschedule|confirm|push back) /.test(heard.phrase);
  const lead = isChange
    ? "I can't change appointments myself, but I'll pass it on."
    : "I can't book it myself, but I'll pass your wish on.";
  const draft: Draft = {
    ...draftFrom(heard, forgotten(memory.draft)),
    reason: withReason('', dated(heard.text, desk.now)),
    recipient: staffIn(desk.profile, heard.phrase)?.name ?? '',
    appointment: isChange ? 'existing' : 'new',
  };
  return { lead, ...askDay(draft, heard.phrase, memory.replies, desk) };
}

function inquiryOf(heard: Understanding, memory: Memory, { profile, now }: Desk): Inquiry {
  const { phrase, stems } = heard;
  return { profile, phrase, stems, now, lastService: memory.service, turn: memory.replies };
}
