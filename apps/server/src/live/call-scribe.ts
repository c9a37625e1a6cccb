import type { LiveEvents, MediaEnding } from '@earshot/calls';
import type { ConversationEvent, ReplyTiming, Turn, VoiceEvent } from '@earshot/conversation';
import { z } from 'zod';
import { addError, Figures, noFigures } from './figures.ts';
import type { Message } from './message.ts';
import type { RecordEntry } from './records.ts';

/** How far the record of a call has come, so that another instance can write on. JSON. */
export const RecordMark = z.object({
  /** The index of the next turn and message, the newest serial of an event, and how many streams there were. */
  turns: z.number(),
  messages: z.number(),
  events: z.number(),
  streams: z.number(),
  figures: Figures,
});
export type RecordMark = z.infer<typeof RecordMark>;

export function noMark(): RecordMark {
  return { turns: 0, messages: 0, events: 0, streams: 0, figures: noFigures() };
}

export interface CallScribeOptions {
  readonly callId: string;
  /** Where the record so far ends. */
  readonly mark: RecordMark;
  readonly records: { keep(entry: RecordEntry): void };
  readonly live: Pick<LiveEvents, 'tell'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** More than any call has; beyond it events are told and not kept. */
const MOST_EVENTS = 5_000;
const MOST_MESSAGES = 50;

const COUNTED = {
  detected: 'vadTriggers',
  started: 'speechStarts',
  ended: 'speechEnds',
} as const satisfies Record<VoiceEvent, keyof Figures>;

/** Writes the record of one call, and tells whoever watches, as its conversation goes. */
export class CallScribe {
  readonly #options: CallScribeOptions;
  readonly #mark: RecordMark;
  #stream = 0;
  /** The beginning of the stream's clock. */
  #streamAtMs = 0;
  /** The caller has spoken since the agent last replied. */
  #answerDue = false;

  constructor(options: CallScribeOptions) {
    this.#options = options;
    this.#mark = structuredClone(options.mark);
  }

  get figures(): Figures {
    return this.#mark.figures;
  }

  /** The record so far. */
  get mark(): RecordMark {
    return structuredClone(this.#mark);
  }

  begin(stream: number, carrierStreamId: string | null): void {
    this.#stream = stream;
    this.#streamAtMs = this.#options.now();
    this.#mark.streams = stream;
    this.figures.streams += 1;
    this.figures.streamingAtMs ??= this.#streamAtMs;
    this.figures.carrierStreamId = carrierStreamId;
    this.#tell('stream-started', { stream });
  }

  observe(event: ConversationEvent): void {
    switch (event.type) {
      case 'voice':
        this.figures[COUNTED[event.what]] += 1;
        return;
      case 'turn':
        this.#turn(event.turn);
        return;
      case 'partial':
        this.#tellOnly('partial', { text: event.text, streamMs: event.atMs });
        return;
      case 'barge-in':
        this.figures.interruptions += 1;
        this.#tell('barge-in', { streamMs: event.atMs });
        return;
      case 'backchannel':
        this.#tell('backchannel', { text: event.text, streamMs: event.atMs });
        return;
      case 'tool-called':
        this.#tell('tool-called', { call: event.call, result: event.result });
        return;
      case 'notice-heard':
        this.#tell('notice-heard', {});
        return;
      case 'reply-timed':
        this.#reply(event.timing);
        return;
      case 'speech-failed':
        this.figures.agentErrors += 1;
        addError(this.figures, 'speech-failed');
        this.#tell('speech-failed', {});
    }
  }

  /** Somebody wanted this to be said. */
  asked(text: string): void {
    this.#tell('say-asked', { text });
  }

  /** False when there are too many already. */
  keep({ name, number, message }: Message): boolean {
    if (this.#mark.messages >= MOST_MESSAGES) return false;
    const index = this.#mark.messages++;
    const taken = { index, name, number, text: message, takenAtMs: this.#options.now() };
    this.#options.records.keep({ callId: this.#options.callId, message: taken });
    this.#tell('message-taken', { ...taken });
    return true;
  }

  end(ending: MediaEnding): void {
    const { figures } = this;
    figures.websocketMs += this.#options.now() - this.#streamAtMs;
    figures.ending = ending;
    if (ending === 'line-lost') figures.networkErrors += 1;
    if (ending === 'agent-lost') figures.agentErrors += 1;
    if (ending === 'line-lost' || ending === 'agent-lost') addError(figures, ending);
    this.#tell('stream-ended', { stream: this.#stream, ending });
    const { callId, records } = this.#options;
    records.keep({ callId, figures: structuredClone(figures) });
  }

  #turn(turn: Turn): void {
    const { speaker, heard, startMs, endMs, interrupted, confidence = null } = turn;
    const isAgent = speaker === 'agent';
    const [startedAtMs, endedAtMs] = [this.#at(startMs), this.#at(endMs)];
    const heardMs = isAgent ? Math.round(endMs - startMs) : null;
    const index = this.#mark.turns++;
    const kept = { index, speaker, text: heard, startedAtMs, endedAtMs, heardMs, interrupted };
    this.#options.records.keep({
      callId: this.#options.callId,
      turn: { ...kept, confidence },
    });
    this.figures[isAgent ? 'agentTurns' : 'callerTurns'] += 1;
    if (!isAgent) this.#answerDue = true;
    this.#tell('turn', { turn: { ...turn, index, startedAtMs, endedAtMs } });
  }

  /** Only a reply to the caller is an answer: greetings and set lines are not waited for. */
  #reply(timing: ReplyTiming): void {
    if (this.#answerDue) {
      this.figures.responses += 1;
      this.figures.responseMs += timing.pauseMs;
      const longest = Math.max(this.figures.longestResponseMs ?? 0, Math.round(timing.pauseMs));
      this.figures.longestResponseMs = longest;
    }
    this.#tell('reply-timed', { timing, answer: this.#answerDue });
    this.#answerDue = false;
  }

  #at(streamMs: number): number {
    return Math.round(this.#streamAtMs + streamMs);
  }

  /** To whoever watches, and into the call's history. */
  #tell(type: string, data: Readonly<Record<string, unknown>>): void {
    if (this.#mark.events >= MOST_EVENTS) {
      this.#tellOnly(type, data);
      return;
    }
    const { callId, records, live, now } = this.#options;
    this.#mark.events += 1;
    const event = { serial: this.#mark.events, type, atMs: now(), data };
    records.keep({ callId, event });
    live.tell({ callId, ...event });
  }

  #tellOnly(type: string, data: Readonly<Record<string, unknown>>): void {
    const { callId, live, now } = this.#options;
    live.tell({ callId, serial: 0, type, atMs: now(), data });
  }
}
