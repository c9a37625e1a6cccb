import { randomUUID } from 'node:crypto';
import type { ConversationEvent, Ending, ToolCall, ToolResult, Turn } from '@earshot/conversation';
import type { Message } from './message.ts';

/** More than any call has; a runaway one loses its oldest. */
const MOST_EVENTS = 5_000;
const MOST_MESSAGES = 50;
const MOST_LISTENERS = 20;

/** What happens in a call, for whoever watches. */
export type CallEvent =
  | { readonly type: 'stream-started' }
  | Exclude<ConversationEvent, { type: 'speech-failed' | 'voice' }>
  | { readonly type: 'speech-failed' }
  | { readonly type: 'stream-ended'; readonly ending: Ending };

export interface NumberedEvent {
  /** From 1. */
  readonly id: number;
  readonly event: CallEvent;
}

export interface Transcript {
  readonly turns: readonly Turn[];
  readonly messages: readonly Message[];
  readonly tools: readonly { readonly call: ToolCall; readonly result: ToolResult }[];
}

/** What is kept of one call while the process lives: what was heard, and what was done. */
export class CallRecord {
  /** Ours. The carrier's id is its key. */
  readonly callId = randomUUID();
  readonly #events: NumberedEvent[] = [];
  readonly #messages: Message[] = [];
  readonly #listeners = new Set<(event: NumberedEvent | null) => void>();
  #serial = 0;
  #ending: Ending | null = null;
  #streams = 0;
  #closed = false;

  /** How the newest stream of this call ended; null while it goes on. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Somebody has hung up, or nobody calls back. */
  get over(): boolean {
    return this.#closed;
  }

  /** How many streams this call has had. */
  get streams(): number {
    return this.#streams;
  }

  begin(): void {
    this.#streams += 1;
    this.#ending = null;
    this.#closed = false;
    this.#add({ type: 'stream-started' });
  }

  observe(event: ConversationEvent): void {
    if (event.type === 'voice') return;
    this.#add(event.type === 'speech-failed' ? { type: 'speech-failed' } : event);
  }

  end(ending: Ending): void {
    this.#ending = ending;
    this.#add({ type: 'stream-ended', ending });
    if (ending === 'caller-hung-up' || ending === 'agent-hung-up') this.close();
  }

  /** False when there are too many already. */
  keep(message: Message): boolean {
    if (this.#messages.length >= MOST_MESSAGES) return false;
    this.#messages.push(message);
    return true;
  }

  transcript(): Transcript {
    const events = this.#events.map(({ event }) => event);
    return {
      turns: events.flatMap((event) => (event.type === 'turn' ? event.turn : [])),
      messages: [...this.#messages],
      tools: events.flatMap((event) =>
        event.type === 'tool-called' ? { call: event.call, result: event.result } : [],
      ),
    };
  }

  /** No more listeners are taken. */
  get full(): boolean {
    return this.#listeners.size >= MOST_LISTENERS;
  }

  /** Tells all events after `afterId`, then those to come, and null at the end. */
  listen(afterId: number, listener: (event: NumberedEvent | null) => void): Disposable {
    for (const event of this.#events) if (event.id > afterId) listener(event);
    if (this.#closed) listener(null);
    else this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Nothing more comes. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener(null);
    this.#listeners.clear();
  }

  #add(event: CallEvent): void {
    this.#serial += 1;
    const numbered = { id: this.#serial, event };
    // Words that may still change are news and no record.
    if (event.type !== 'partial') this.#events.push(numbered);
    if (this.#events.length > MOST_EVENTS) this.#events.shift();
    for (const listener of this.#listeners) listener(numbered);
  }
}
