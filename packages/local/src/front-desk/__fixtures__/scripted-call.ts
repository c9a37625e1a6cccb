import type { Expectation, PromptTurn, ToolCall, ToolResult } from '@earshot/conversation';
import { FrontDesk } from '../front-desk.ts';
import type { Profile } from '../profile.ts';

/** Saturday, 21 November 2026, 11:30 in New York. */
export const SATURDAY = new Date('2026-11-21T16:30:00Z');

/** A call to the front desk, line by line, with tools that succeed or fail as told. */
export class ScriptedCall {
  readonly turns: PromptTurn[] = [];
  readonly calls: ToolCall[] = [];
  readonly #desk: FrontDesk;
  readonly #result: ToolResult;
  memory: unknown = null;
  expectation: Expectation | null = null;

  constructor(profile: Profile, result: ToolResult = { output: 'saved' }, now = SATURDAY) {
    this.#desk = new FrontDesk(profile, { now: () => now });
    this.#result = result;
  }

  /** What the front desk answers, words after a tool included. */
  async say(text: string): Promise<string> {
    this.turns.push({ speaker: 'caller', text });
    return this.hear();
  }

  /** One reply, kept as heard to its end. */
  async hear(): Promise<string> {
    const { text, call } = await this.ask();
    if (text !== '') this.turns.push({ speaker: 'agent', text, interrupted: false });
    if (!call) return text;
    this.calls.push(call);
    this.turns.push({ speaker: 'tool', call, result: this.#result });
    const after = await this.hear();
    return after === '' ? text : `${text} ${after}`;
  }

  async ask(): Promise<{ text: string; call: ToolCall | null }> {
    const prompt = { system: '', turns: [...this.turns], tools: [], memory: this.memory };
    let text = '';
    let call: ToolCall | null = null;
    for await (const part of this.#desk.reply(prompt, new AbortController().signal)) {
      if (part.type === 'text') text += part.text;
      if (part.type === 'tool-call') call = part.call;
      if (part.type === 'memory') this.memory = JSON.parse(JSON.stringify(part.memory));
      if (part.type === 'expectation') this.expectation = part.expectation;
    }
    return { text, call };
  }
}

/** Just the answers to lines said one after the other. */
export async function answersTo(profile: Profile, ...lines: readonly string[]): Promise<string[]> {
  const call = new ScriptedCall(profile);
  const answers: string[] = [];
  for (const line of lines) answers.push(await call.say(line));
  return answers;
}
