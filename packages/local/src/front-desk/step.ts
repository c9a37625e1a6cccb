import type { Draft, Question } from './memory.ts';

/** The front desk's next move: words, what they ask, and what the call's memory becomes. */
export interface Step {
  readonly text: string;
  readonly question: Question;
  readonly draft?: Draft;
  /** Said after the text: 'take_message' with the draft, or 'end_call'. */
  readonly tool?: 'take_message' | 'end_call';
  readonly intent?: string;
  readonly service?: string;
  /** Nothing was understood, so that the count of such turns goes on. */
  readonly lost?: boolean;
  /** Said in front of the text and left out when it is repeated. */
  readonly lead?: string;
}
