import type { Expectation, PromptTurn } from './ports.ts';

/** What an agent needs to go on with a call after its line was lost, here or elsewhere. JSON. */
export interface AgentMemory {
  /** What was heard and done so far. */
  readonly turns: readonly PromptTurn[];
  /** What the language model asked to keep; null when nothing. */
  readonly memory: unknown;
  /** What the agent's last words asked for. */
  readonly expectation: Expectation;
  /** How much of the call's longest duration is over. */
  readonly elapsedMs: number;
  /** Lines that somebody wanted to be said and that were not heard yet, the next one first. */
  readonly toSay: readonly string[];
  /** What is being said, from the first sentence that was not heard whole; '' when nothing is. */
  readonly saying: string;
  /** The caller has heard the notice whole. */
  readonly noticeHeard: boolean;
}
