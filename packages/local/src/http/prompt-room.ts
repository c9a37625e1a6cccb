import type { ToolDescription } from '@earshot/conversation';
import { toolSchemas } from './ollama-message.ts';
import { roomFor, systemRoom } from './prompt-messages.ts';

/** Few enough that a prompt is never longer than the context, which Ollama would cut silently. */
const CHARS_PER_TOKEN = 3;
const DEFAULT_CONTEXT_TOKENS = 8192;
/** Of a spoken reply, a minute and a half. */
const DEFAULT_REPLY_TOKENS = 256;
/** Contexts have round sizes. */
const STEP_TOKENS = 1024;

export interface ContextSize {
  /** Tokens of prompt and reply together. Default 8192. */
  readonly contextTokens?: number;
  /** Default 256. */
  readonly maxReplyTokens?: number;
}

/** How a language model's context is shared between prompt and reply. Characters, unless said otherwise. */
export class PromptRoom {
  readonly contextTokens: number;
  readonly maxReplyTokens: number;

  constructor({
    contextTokens = DEFAULT_CONTEXT_TOKENS,
    maxReplyTokens = DEFAULT_REPLY_TOKENS,
  }: ContextSize) {
    this.contextTokens = contextTokens;
    this.maxReplyTokens = maxReplyTokens;
  }

  /** What all messages may have beside these tools. */
  messages(tools: readonly ToolDescription[]): number {
    const chars = (this.contextTokens - this.maxReplyTokens) * CHARS_PER_TOKEN;
    return chars - toolChars(tools);
  }

  /** What a system prompt may have beside these tools and the newest turns. */
  system(tools: readonly ToolDescription[]): number {
    return systemRoom(this.messages(tools));
  }
}

/** How many tokens of context take in so long a system prompt, in characters, beside these tools. */
export function contextTokensFor(systemChars: number, tools: readonly ToolDescription[]): number {
  const promptTokens = (roomFor(systemChars) + toolChars(tools)) / CHARS_PER_TOKEN;
  return Math.ceil((promptTokens + DEFAULT_REPLY_TOKENS) / STEP_TOKENS) * STEP_TOKENS;
}

function toolChars(tools: readonly ToolDescription[]): number {
  return tools.length === 0 ? 0 : JSON.stringify(toolSchemas(tools)).length;
}
