import type {
  Expectation,
  LanguageModel,
  Prompt,
  PromptTurn,
  ReplyPart,
  ToolCall,
} from '@earshot/conversation';
import { afterTool } from './after-tool.ts';
import type { Desk } from './desk.ts';
import { Expectations } from './expectations.ts';
import { type Memory, readMemory } from './memory.ts';
import { messageOf } from './message-words.ts';
import { nextStep } from './next-step.ts';
import { localTime } from './opening-hours.ts';
import type { Profile } from './profile.ts';
import type { Step } from './step.ts';
import { saysYes, understand } from './understanding.ts';
import { usualSteps } from './usual-lines.ts';

export interface FrontDeskOptions {
  /** The time of the call, for 'are you open?'. */
  readonly now?: () => Date;
  /** We have called this person. Default: they have called us. */
  readonly placed?: boolean;
}

const NOBODY_ELSE = 'Nobody could take your call there. Shall I take a message?';

/**
 * Answers from a profile, takes messages with the tool `take_message {name, number, message}`,
 * ends calls with `end_call {}`, and says when it does not know. Needs no model. A reply depends on
 * the prompt and the clock alone, so that replies may be asked for again and thrown away.
 */
export class FrontDesk implements LanguageModel {
  readonly #profile: Profile;
  readonly #now: () => Date;
  readonly #placed: boolean;
  readonly #expectations: Expectations;

  constructor(profile: Profile, options: FrontDeskOptions = {}) {
    this.#profile = profile;
    this.#now = options.now ?? (() => new Date());
    this.#placed = options.placed ?? false;
    this.#expectations = new Expectations(profile);
  }

  /** What a caller may say to the greeting, before there was any reply. */
  get openingExpectation(): Expectation {
    return this.#expectations.of('anything');
  }

  /** Said to a caller who was to talk with somebody else and is back, with what is kept of that reply. */
  nobodyElse(memory: unknown): {
    readonly text: string;
    readonly memory: Memory;
    readonly expectation: Expectation;
  } {
    const known = readMemory(memory);
    const step: Step = { text: NOBODY_ELSE, question: 'choice' };
    const expectation = this.#expectations.of(step.question);
    return { text: spoken(step, known), memory: remembered(step, known), expectation };
  }

  /** Beside what a caller's own words bring into it. */
  get usualLines(): readonly string[] {
    const memory = readMemory(null);
    return [...new Set(usualSteps(this.#desk).map((step) => spoken(step, memory)))];
  }

  async *reply(prompt: Prompt, signal: AbortSignal): AsyncIterable<ReplyPart> {
    signal.throwIfAborted();
    const memory = { ...readMemory(prompt.memory), placed: this.#placed };
    const step = this.#step(prompt.turns, memory);
    if (step === null) return;
    const text = spoken(step, memory);
    yield { type: 'text', text };
    yield { type: 'memory', memory: remembered(step, memory) };
    yield { type: 'expectation', expectation: this.#expectations.of(step.question) };
    if (step.tool) yield { type: 'tool-call', call: toolCall(step, memory, prompt.turns.length) };
  }

  #step(turns: readonly PromptTurn[], memory: Memory): Step | null {
    const last = turns.at(-1);
    if (last?.speaker === 'tool') return afterTool(last.call, last.result, memory);
    if (last === undefined) return { text: greeting(this.#profile), question: 'anything' };
    return this.#afterMessage(turns, memory) ?? nextStep(understand(turns), memory, this.#desk);
  }

  /** The caller went on while a message was taken: that is told, and what they said is answered. */
  #afterMessage(turns: readonly PromptTurn[], memory: Memory): Step | null {
    const at = turns.findLastIndex((turn) => turn.speaker !== 'caller' && !isUnheard(turn));
    const acted = turns[at];
    if (acted?.speaker !== 'tool' || acted.call.name !== 'take_message') return null;
    const told = afterTool(acted.call, acted.result, memory);
    const heard = understand(turns.slice(at + 1));
    if (told === null || 'error' in acted.result || heard.kind !== 'words' || saysYes(heard))
      return told;
    const next = nextStep(heard, remembered(told, memory), this.#desk);
    return { ...next, lead: `I've passed your message on. ${next.lead ?? ''}`.trim() };
  }

  get #desk(): Desk {
    const now = localTime(this.#profile.timezone, this.#now());
    return { profile: this.#profile, now };
  }
}

function isUnheard(turn: PromptTurn): boolean {
  return turn.speaker === 'agent' && turn.text.trim() === '';
}

function greeting({ greeting, recordingNotice, name }: Profile): string {
  const hello = greeting ?? `Thank you for calling ${name}. How can I help you?`;
  return recordingNotice ? `${recordingNotice} ${hello}` : hello;
}

/** Never the very words of the last reply again. */
function spoken(step: Step, memory: Memory): string {
  const lead = step.lead ?? (step.text === memory.said ? 'Once more:' : '');
  const text = lead === '' ? step.text : `${lead} ${step.text}`.trim();
  // Services are written as in the middle of a sentence, also where they begin one.
  return text.replace(/(?<=^|[.!?] )\p{Ll}/gu, (first) => first.toUpperCase());
}

function remembered(step: Step, memory: Memory): Memory {
  return {
    question: step.question,
    placed: memory.placed,
    replies: memory.replies + 1,
    unclear: step.lost ? memory.unclear + 1 : 0,
    said: (step.text || memory.said).slice(0, 2_000),
    service: step.service ?? memory.service,
    intent: step.intent ?? memory.intent,
    draft: step.draft ?? memory.draft,
  };
}

function toolCall(step: Step, memory: Memory, turns: number): ToolCall {
  const name = step.tool ?? '';
  const id = `${name}-${turns}`;
  if (name !== 'take_message') return { id, name, arguments: {} };
  const draft = step.draft ?? memory.draft;
  const text = messageOf(draft);
  const message = draft.recipient ? `For ${draft.recipient}: ${text}` : text;
  return {
    id,
    name,
    arguments: { name: draft.name, number: draft.number, message },
  };
}
