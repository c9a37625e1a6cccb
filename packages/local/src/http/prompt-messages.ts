import type { Prompt, PromptTurn, ToolCall, ToolResult } from '@earshot/conversation';

/** A prompt in the shape all chat models share; each client only renames its fields. */
export type PromptMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly call: ToolCall | null }
  | { readonly role: 'tool'; readonly text: string; readonly call: ToolCall };

/**
 * Constant, and in every prompt: servers keep what they have computed for a prompt's beginning, so
 * a beginning that changes within a call costs the caller the time to compute all of it again.
 */
const LEGEND = `You are on the phone. Notes in square brackets are facts about the call, not words; never say them yourself.
[call connected]: the caller is on the line and waits for you to speak.
[unclear]: the caller spoke and could not be understood.
[digits 12]: the caller pressed these keys.
[interrupted you]: the caller spoke over you; what you said ends where they stopped hearing it, and nothing after it was heard.
[silence]: the caller has said nothing.`;

const CONNECTED = '[call connected]';
const INTERRUPTED = '[interrupted you]';
const SILENCE = '[silence]';

/** The window moves on by this many turns at once, so that most prompts begin like the one before. */
const WINDOW_STEP = 8;
const NEWEST_TURNS = 4;
const MAX_TURN_CHARS = 4000;
/** Role and framing of one message, roughly. */
const MESSAGE_CHARS = 16;

/**
 * The system prompt and the newest turns that fit into `budgetChars` (the system prompt and the
 * newest turn always do). Callers and the agent alternate, the caller first and last, as many chat
 * templates demand: where nobody spoke, a note says why.
 */
export function promptMessages(prompt: Prompt, budgetChars: number): readonly PromptMessage[] {
  const system = `${prompt.system}\n\n${LEGEND}`.trim();
  const turns = prompt.turns.map(cut).filter(isAudible);
  const start = windowStart(turns, budgetChars - system.length - MESSAGE_CHARS);
  const opening = start > 0 ? '[earlier turns are left out]' : CONNECTED;
  return [{ role: 'system', text: system }, ...converse(turns.slice(start), opening)];
}

/** The arguments or output of a tool as a model reads it. */
function resultText(result: ToolResult): string {
  if ('error' in result) return `error: ${result.error}`;
  const { output } = result;
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? 'done');
}

/** No single turn may fill the prompt. Of the caller the end counts, of other texts the beginning. */
function cut(turn: PromptTurn): PromptTurn {
  switch (turn.speaker) {
    case 'caller':
      return { ...turn, text: turn.text.trim().slice(-MAX_TURN_CHARS) };
    case 'agent':
      return { ...turn, text: turn.text.trim().slice(0, MAX_TURN_CHARS) };
    case 'tool':
      return { ...turn, result: { output: resultText(turn.result).slice(0, MAX_TURN_CHARS) } };
  }
}

function isAudible(turn: PromptTurn): boolean {
  return turn.speaker === 'tool' || turn.text !== '';
}

function windowStart(turns: readonly PromptTurn[], room: number): number {
  let start = turns.length;
  let chars = 0;
  while (start > 0) {
    const turn = turns[start - 1];
    chars += turn ? turnChars(turn) : 0;
    if (chars > room && start < turns.length) break;
    start -= 1;
  }
  const stepped = Math.ceil(start / WINDOW_STEP) * WINDOW_STEP;
  return stepped <= turns.length - NEWEST_TURNS ? stepped : start;
}

function turnChars(turn: PromptTurn): number {
  if (turn.speaker !== 'tool') return turn.text.length + MESSAGE_CHARS;
  const { name, arguments: args } = turn.call;
  return name.length + JSON.stringify(args).length + resultText(turn.result).length + 32;
}

function converse(turns: readonly PromptTurn[], opening: string): PromptMessage[] {
  const messages: PromptMessage[] = [];
  let note = opening;
  for (const turn of turns) {
    const last = messages.at(-1);
    switch (turn.speaker) {
      case 'caller':
        if (note === INTERRUPTED) say(messages, `${note} ${turn.text}`);
        else say(messages, turn.text);
        note = '';
        break;
      case 'agent':
        if (last?.role !== 'user' && last?.role !== 'tool') say(messages, note || SILENCE);
        messages.push({ role: 'assistant', text: turn.text, call: null });
        note = turn.interrupted ? INTERRUPTED : SILENCE;
        break;
      case 'tool':
        call(messages, turn, note);
        if (note !== INTERRUPTED) note = '';
    }
  }
  const last = messages.at(-1)?.role;
  if (last !== 'user' && last !== 'tool') say(messages, note || SILENCE);
  return messages;
}

/** Words on the caller's side; those of two turns in a row become one message. */
function say(messages: PromptMessage[], text: string): void {
  const last = messages.at(-1);
  if (last?.role !== 'user') messages.push({ role: 'user', text });
  else messages.splice(-1, 1, { role: 'user', text: `${last.text}\n${text}` });
}

/** A call belongs to what the agent said just before it, if it said something. */
function call(
  messages: PromptMessage[],
  turn: PromptTurn & { readonly speaker: 'tool' },
  note: string,
): void {
  const last = messages.at(-1);
  const text = last?.role === 'assistant' && !last.call ? last.text : '';
  if (text !== '') messages.pop();
  else if (!last) say(messages, note);
  messages.push({ role: 'assistant', text, call: turn.call });
  messages.push({ role: 'tool', text: resultText(turn.result), call: turn.call });
}
