import type { MediaEnding } from '@earshot/calls';
import type { CallAgent, ConversationEvent, Ending } from '@earshot/conversation';

/** Why we have stopped a conversation. */
export type Stop =
  /** Somebody wants the call to end. */
  | 'ended'
  /** A newer stream of the same call is here. */
  | 'replaced'
  /** The process stops: the call goes on elsewhere. */
  | 'drained';

/** What becomes of a line that somebody wants to be said. */
export const SAY_RESULTS = ['taken', 'too-many', 'nobody-speaks'] as const;
export type SayResult = (typeof SAY_RESULTS)[number];

/** One conversation that goes on in this process. */
export class LiveCall {
  readonly over: Promise<void>;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  #why: Stop | null = null;
  #isTransferring = false;
  #isLeaving = false;
  #agent: CallAgent | null = null;
  #onSay: (text: string) => void = () => {};

  constructor() {
    this.over = this.#over.promise;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(why: Stop): void {
    this.#why ??= why;
    this.#stop.abort();
  }

  /** The process stops soon: the end of an answer is a good moment to go on elsewhere. */
  leaveAtTurn(): void {
    this.#isLeaving = true;
  }

  answerEnded(): void {
    if (this.#isLeaving) this.stop('drained');
  }

  /** The conversation has ended, and its record knows. */
  finish(): void {
    this.#over.resolve();
  }

  answeredBy(agent: CallAgent, onSay: (text: string) => void): void {
    this.#agent = agent;
    this.#onSay = onSay;
  }

  /** The agent says no more, and what it was to say is with its memory. */
  left(): void {
    this.#agent = null;
  }

  /** What is taken is said at the next chance, here or wherever the call goes on. */
  say(text: string): SayResult {
    if (this.#agent === null) return 'nobody-speaks';
    if (!this.#agent.say(text)) return 'too-many';
    this.#onSay(text);
    return 'taken';
  }

  /** The carrier was asked to connect the caller with somebody else; false: it did not. */
  transferring(is: boolean): void {
    this.#isTransferring = is;
  }

  /** How the stream has ended, as the call's life is told. */
  endingOf(ending: Ending): MediaEnding {
    if (ending === 'stopped') return ENDING_OF_STOP[this.#why ?? 'drained'];
    // The carrier takes the audio away from us to connect the caller elsewhere.
    const isGone = ending === 'caller-hung-up' || ending === 'line-lost';
    return isGone && this.#isTransferring ? 'transferring' : ending;
  }

  get wasEnded(): boolean {
    return this.#why === 'ended';
  }
}

const ENDING_OF_STOP = {
  ended: 'agent-hung-up',
  replaced: 'line-lost',
  drained: 'moved',
} as const satisfies Record<Stop, MediaEnding>;

/** The agent has said what it had to say: nobody waits for an answer. */
export function isWholeAnswer(event: ConversationEvent): boolean {
  return event.type === 'turn' && event.turn.speaker === 'agent' && !event.turn.interrupted;
}

/** The agent has something new to remember: a good moment for a checkpoint. */
export function isToKeep({ type }: ConversationEvent): boolean {
  return type === 'turn' || type === 'tool-called' || type === 'notice-heard';
}
