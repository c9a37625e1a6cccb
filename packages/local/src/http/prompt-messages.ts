import type { Prompt, PromptTurn, ToolCall, ToolResult } from '@earshot/conversation';
import { clipText } from '../front-desk/clip-text.ts';

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
const EARLIER = '[earlier turns are left out]';
const INTERRUPTED = '[interrupted you]';
const SILENCE = '[silence]';
/** The longest note that may follow a turn of the agent. */
const NOTE_CHARS = INTERRUPTED.length + 1;

/** The window moves on by this many turns at once, so that most prompts begin like the one before. */
const WINDOW_STEP = 8;
const NEWEST_TURNS = 4;
const MAX_TURN_CHARS = 4000;
/** Whether a tool succeeded is told, however long its arguments are. */
const LEAST_RESULT_CHARS = 80;
/** Role and framing of one message, roughly. */
const MESSAGE_CHARS = 16;
/** A tool's call and its result are two messages. */
const TOOL_CHARS = 2 * MESSAGE_CHARS;
/** What stands in the system message beside the system prompt. */
const LEGEND_CHARS = LEGEND.length + '\n\n'.length + MESSAGE_CHARS;
const OPENING_CHARS = EARLIER.length + MESSAGE_CHARS;
/** Of the room, so much is the newest turns', however long the system prompt is: a hundred short ones. */
const TURNS_SHARE = 1 / 3;

/** How long a system prompt may be where all messages may have `roomChars`; longer ones lose their end. */
export function systemRoom(roomChars: number): number {
  return Math.max(0, Math.floor(roomChars * (1 - TURNS_SHARE)) - LEGEND_CHARS);
}

/** How much room all messages need for so long a system prompt to be sent whole. */
export function roomFor(systemChars: number): number {
  return Math.ceil((systemChars + LEGEND_CHARS + 1) / (1 - TURNS_SHARE));
}

/**
 * The system prompt and the newest turns that fit into `roomChars`. Of both something always does: the
 * system prompt is cut to `systemRoom`, the same for all prompts of a call, and the newest turns to a
 * fourth each of what is theirs. Callers and the agent alternate, the caller first and last, as many
 * chat templates demand: where nobody spoke, a note says why.
 */
export function promptMessages(prompt: Prompt, roomChars: number): readonly PromptMessage[] {
  const system = `${clipText(prompt.system, systemRoom(roomChars))}\n\n${LEGEND}`.trim();
  const most = mostTurnChars(roomChars);
  const turns = prompt.turns.map((turn) => cut(turn, most)).filter(isAudible);
  const room = roomChars - system.length - MESSAGE_CHARS - OPENING_CHARS;
  const start = windowStart(turns, room);
  const opening = start > 0 ? EARLIER : CONNECTED;
  return [{ role: 'system', text: system }, ...converse(turns.slice(start), opening)];
}

function mostTurnChars(roomChars: number): number {
  const each = (roomChars * TURNS_SHARE - OPENING_CHARS) / NEWEST_TURNS;
  const framing = NOTE_CHARS + TOOL_CHARS;
  return Math.max(0, Math.min(MAX_TURN_CHARS, Math.floor(each) - framing));
}

/** The arguments or output of a tool as a model reads it. */
function resultText(result: ToolResult): string {
  if ('error' in result) return `error: ${result.error}`;
  const { output } = result;
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? 'done');
}

/** No single turn may fill the prompt. Of the caller the end counts, of other texts the beginning. */
function cut(turn: PromptTurn, mostChars: number): PromptTurn {
  switch (turn.speaker) {
    case 'caller': {
      const text = turn.text.trim();
      return { ...turn, text: text.slice(Math.max(0, text.length - mostChars)) };
    }
    case 'agent':
      return { ...turn, text: turn.text.trim().slice(0, mostChars) };
    case 'tool': {
      const left = Math.max(LEAST_RESULT_CHARS, mostChars - callChars(turn.call));
      return { ...turn, result: { output: resultText(turn.result).slice(0, left) } };
    }
  }
}

function callChars(call: ToolCall): number {
  return call.name.length + JSON.stringify(call.arguments).length;
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

/** With the note that may follow: the messages are never longer than their turns are taken for. */
function turnChars(turn: PromptTurn): number {
  switch (turn.speaker) {
    case 'caller':
      return turn.text.length + MESSAGE_CHARS;
    case 'agent':
      return turn.text.length + 2 * MESSAGE_CHARS + NOTE_CHARS;
    case 'tool':
      return callChars(turn.call) + resultText(turn.result).length + TOOL_CHARS;
  }
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
