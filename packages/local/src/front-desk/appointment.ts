import { askNext } from './ask-next.ts';
import { evidentName, introducedName } from './caller-name.ts';
import type { Desk } from './desk.ts';
import { capitalized, sentence } from './inquiry.ts';
import type { Draft, Memory, Question } from './memory.ts';
import { hoursOn, type LocalDay, type LocalTime, nextOpenDay } from './opening-hours.ts';
import { WEEKDAYS } from './profile.ts';
import { spokenPhrase } from './spoken-words.ts';
import type { Step } from './step.ts';
import { draftFrom } from './take-message.ts';
import { isThisNumber } from './take-number.ts';
import { dayIn, isOverFor } from './tell-hours.ts';
import {
  beyondNo,
  isMereYes,
  saysNo,
  saysYes,
  type Understanding,
  understand,
} from './understanding.ts';

const RELATIVE =
  /\b(?:the )?(?:day after tomorrow|tomorrow(?: (?:morning|afternoon|evening))?|today|tonight|this (?:morning|afternoon|evening))\b/i;
const BEFORE_DAY =
  /^(?:(?:then|no|okay|ok|wait|actually|rather|well|um+|uh+|yes|so|sorry|i mean|i meant|make it|let's say|how about|what about|maybe|better)\b[,.]? ?)+/i;
const UNDECIDED = /^ (?:well |um )?(?:i )?(?:am )?(?:do not know|not sure|no idea)(?: yet)? $/;
/** Where a word about the day can still change the message. */
const BEFORE_SENDING: ReadonlySet<Question> = new Set([
  'name',
  'name-check',
  'number',
  'number-check',
  'message-check',
  'correction',
  'send-anyway',
]);
/** More digits than a day and an hour have belong to a telephone number. */
const MOST_DAY_DIGITS = 4;

/** The next thing to ask of a wish that may name its day. */
export function askDay(draft: Draft, phrase: string, turn: number, desk: Desk): Step {
  if (dayIn(phrase, desk.now) === null) {
    return { text: dayQuestion(draft), question: 'day', draft };
  }
  return askAnotherDay(draft, phrase, desk) ?? askNext(draft, turn);
}

export function dayQuestion({ appointment }: Draft): string {
  return appointment === 'existing'
    ? 'What day and time is your appointment?'
    : 'What day and time would suit you?';
}

/** The day of an appointment, when it is asked for and when the caller comes back to it. */
export function takeDay(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  const { question, draft, replies } = memory;
  if (question === 'day') return answerDay(heard, memory, desk);
  if (!BEFORE_SENDING.has(question) || draft.appointment === '') return null;
  const name = introducedName(heard.text);
  if (name !== null) return question === 'name' ? takeBoth(heard, name, memory, desk) : null;
  const isNew =
    dayIn(heard.phrase, desk.now) !== null &&
    heard.digits.length <= MOST_DAY_DIGITS &&
    !isThisNumber(heard) &&
    !saysYes(heard);
  return isNew ? keepDay(heard, draft, replies, desk) : null;
}

/** 'tomorrow, Sunday, November 22,': whoever reads the message may do so on another day. */
export function dated(text: string, now: LocalTime): string {
  const named = text.replace(RELATIVE, (words) => `${words}, ${dateOf(words, now)},`);
  return named.replace(/,\s*,/, ',').replace(/,\s*([.!?]|$)/, '$1');
}

/** 'My name is Bob, Tuesday at ten': the day, and what else a message needs. */
function takeBoth(heard: Understanding, name: string, memory: Memory, desk: Desk): Step | null {
  const parts = heard.text.split(/(?<=[,.;])\s+/);
  const namesDay = (part: string) => dayIn(spokenPhrase(part), desk.now) !== null;
  const others = parts.filter((part) => !namesDay(part)).join(' ');
  const text = parts.filter(namesDay).join(' ').replace(/[,;]$/, '');
  if (text === '' || others === '') return null;
  const rest = understand([{ speaker: 'caller', text: others }]);
  const named = { ...draftFrom(rest, memory.draft), name, nameChecked: false };
  return keepDay({ ...heard, text, phrase: spokenPhrase(text) }, named, memory.replies, desk);
}

function answerDay(heard: Understanding, memory: Memory, desk: Desk): Step | null {
  const { draft, replies, unclear } = memory;
  if (isMereYes(heard)) {
    const text = 'Which day and time, please?';
    return unclear === 0 ? { text, question: 'day', lost: true } : null;
  }
  const isNone = saysNo(heard) && beyondNo(heard.text) === '';
  if (isNone || UNDECIDED.test(heard.phrase)) {
    return { lead: 'All right.', ...askNext(draft, replies) };
  }
  const hasDay = dayIn(heard.phrase, desk.now) !== null || heard.digits !== '';
  const name = hasDay ? null : evidentName(heard.text);
  if (name === null) return keepDay(heard, draftFrom(heard, draft), replies, desk);
  const named = { ...draft, name, nameChecked: false };
  return { lead: `Thank you, ${name}.`, text: dayQuestion(draft), question: 'day', draft: named };
}

function keepDay(heard: Understanding, draft: Draft, turn: number, desk: Desk): Step {
  const words = dated(heard.text.replace(BEFORE_DAY, ''), desk.now);
  const said = sentence(capitalized(words));
  const isMore = draft.when !== '' && /^ (?:or|also|and|either) /.test(heard.phrase);
  const known = dayIn(spokenPhrase(draft.reason), desk.now);
  const instead = known === null ? said : said.replace(/[.!?]$/, ' instead.');
  const when = (isMore ? `${draft.when} ${said}` : instead).slice(0, 300);
  const kept = { ...draft, when };
  const another = askAnotherDay(kept, heard.phrase, desk);
  return another ?? { lead: 'All right.', ...askNext(kept, turn) };
}

/** Callers are told once that it is closed on the day they wish, and may insist. */
function askAnotherDay(draft: Draft, phrase: string, desk: Desk): Step | null {
  const closed = draft.appointment === 'new' && !draft.closedTold ? closedOn(phrase, desk) : null;
  if (closed === null) return null;
  const text = `We're closed ${closed}. Would another day suit you?`;
  return { text, question: 'day', draft: { ...draft, closedTold: true } };
}

function closedOn(phrase: string, { profile, now }: Desk): string | null {
  const day = dayOf(phrase, now);
  const areSeveral = WEEKDAYS.filter((one) => phrase.includes(` ${one} `)).length > 1;
  if (day === null || areSeveral) return null;
  if (day.date === now.date && isOverFor(profile, now)) return 'for today';
  if (hoursOn(profile, day).length > 0) return null;
  // Without any opening hours nobody knows when it is closed.
  if (nextOpenDay(profile, now) === null) return null;
  const holiday = profile.holidays.find(({ date }) => date === day.date);
  if (holiday && / next /.test(phrase)) return null;
  const relative = RELATIVE.exec(phrase)?.[0];
  const weekday = `on ${capitalized(day.weekday)}`;
  return `${relative ?? weekday}${holiday ? `, because of ${holiday.name}` : ''}`;
}

function dayOf(phrase: string, now: LocalTime): LocalDay | null {
  const day = dayIn(phrase, now);
  return day === 'weekend' ? null : day;
}

function dateOf(words: string, now: LocalTime): string {
  const { date } = dayOf(spokenPhrase(words), now) ?? now;
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${date}T00:00:00Z`));
}
