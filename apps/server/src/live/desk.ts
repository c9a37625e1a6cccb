import type { CallPlan, MediaEnding } from '@earshot/calls';
import type { AgentMemory, CallAgent } from '@earshot/conversation';
import type { Message } from './message.ts';

/** A call for which an agent is wanted. */
export interface AgentCall {
  readonly plan: CallPlan;
  /** What was known of the call when its stream was lost; null: it begins. */
  readonly earlier: AgentMemory | null;
  /** How that stream has ended; null where nobody can tell. */
  readonly ending: MediaEnding | null;
  /** Takes a message of the caller; false when there are too many. */
  readonly keep: (message: Message) => boolean;
}

/** Whoever answers the calls, and what that needed to be opened. */
export interface Desk extends AsyncDisposable {
  /** The names of all tools that its agents have. */
  readonly toolNames: readonly string[];
  /** What its agents are made of, for figures. */
  readonly model: string;
  /** How long a system prompt its agents take in whole, in characters. */
  readonly systemRoom: number;
  /** The agent of one call. It begins to prepare its first words at once. */
  answer(call: AgentCall): CallAgent;
}
