import type { ToolCall, ToolResult } from '@earshot/conversation';
import {
  type Draft,
  forgotten,
  type Memory,
  NO_DRAFT,
  NOT_GIVEN,
  NOT_UNDERSTOOD,
} from './memory.ts';
import type { Step } from './step.ts';
import { NUMBER_WITHHELD } from './this-call.ts';

/** What is said once a tool has run; null when nothing is left to say. */
export function afterTool(call: ToolCall, result: ToolResult, memory: Memory): Step | null {
  if (call.name === 'end_call') {
    if (!('error' in result)) return null;
    return {
      text: "I can't hang up from here. You can hang up now. Goodbye.",
      question: 'anything',
    };
  }
  if (call.name !== 'take_message') {
    return { text: 'All right. What else can I do for you?', question: 'anything' };
  }
  if ('error' in result && result.error === NUMBER_WITHHELD) {
    const text =
      "I'm sorry, I can't see the number you're calling from. What number can we reach you at?";
    const draft = { ...draftOf(call, memory), number: '', numberChecked: false };
    return { text, question: 'number', draft };
  }
  if ('error' in result) {
    const text = "I'm sorry, your message could not be saved. Shall I try again?";
    return { text, question: 'retry', draft: draftOf(call, memory) };
  }
  const name = memory.draft.name.split(' ')[0] ?? '';
  const isNamed = ![NOT_GIVEN, NOT_UNDERSTOOD].includes(memory.draft.name);
  const thanks = name && isNamed ? `Thank you, ${name}.` : 'Thank you.';
  return {
    text: `${thanks} I've passed your message on. Is there anything else I can help you with?`,
    question: 'anything',
    draft: forgotten(memory.draft),
  };
}

// The call knows the message also when the reply that made it was never heard, so kept no memory.
function draftOf(call: ToolCall, { draft }: Memory): Draft {
  if (draft.reason !== '') return draft;
  const text = (key: string) =>
    typeof call.arguments[key] === 'string' ? call.arguments[key] : '';
  return {
    ...NO_DRAFT,
    name: text('name'),
    nameChecked: true,
    number: text('number'),
    numberChecked: true,
    reason: text('message'),
  };
}
