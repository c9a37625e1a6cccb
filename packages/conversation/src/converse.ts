import { durationMs } from '@earshot/audio';
import { childAbort } from './child-abort.ts';
import { Playout } from './playout.ts';
import type { Agent, AgentEvent, Heard, Line, LineEvent, Speech } from './ports.ts';
import type { ConversationEvent, Ending } from './transcript.ts';

/**
 * Carries one conversation to its end: the caller's audio to the agent, the agent's speech to the
 * caller, and what was heard to both the agent and `observe`. An aborted signal ends it as 'stopped'.
 */
export async function converse(
  line: Line,
  agent: Agent,
  observe: (event: ConversationEvent) => void,
  signal: AbortSignal,
): Promise<Ending> {
  const ended = childAbort(signal);
  const until = ended.signal;
  const conversation = new Conversation(line, agent, observe);
  const sides = [conversation.listen(until), conversation.speak(until)];
  try {
    return await Promise.race([...sides, conversation.left]);
  } finally {
    ended.abort();
    await Promise.allSettled(sides);
    conversation.close();
  }
}

/** The two directions of one conversation, and the ledger between them. */
class Conversation {
  readonly #line: Line;
  readonly #agent: Agent;
  readonly #observe: (event: ConversationEvent) => void;
  readonly #playout = new Playout();
  readonly #left = Promise.withResolvers<Ending>();
  /** The goodbye is on its way to the caller's ear. */
  #leaving: AbortController | null = null;
  #atMs = 0;
  #speaking: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  #unfinished: Words | null = null;
  #agentTurn: { startMs: number | null; heard: string; heardMs: number } | null = null;

  constructor(line: Line, agent: Agent, observe: (event: ConversationEvent) => void) {
    this.#line = line;
    this.#agent = agent;
    this.#observe = observe;
  }

  /** Once the agent's goodbye has been heard. */
  get left(): Promise<Ending> {
    return this.#left.promise;
  }

  async listen(signal: AbortSignal): Promise<Ending> {
    for await (const event of this.#line.events(signal)) {
      if (event.type === 'hung-up') return 'caller-hung-up';
      if (event.type === 'lost') return 'line-lost';
      this.#listenTo(event);
    }
    return signal.aborted ? 'stopped' : 'line-lost';
  }

  async speak(signal: AbortSignal): Promise<Ending> {
    for await (const event of this.#agent.events(signal)) {
      if (event.type === 'lost') return this.#withoutAgent();
      if (event.type === 'farewell') this.#leave(event, signal);
      else this.#follow(event, signal);
    }
    return signal.aborted ? 'stopped' : this.#withoutAgent();
  }

  /** Nothing more will be heard: the agent's open turn ends where the caller's ear was. */
  close(): void {
    this.#tellUnfinished();
    this.#progress(this.#playout.clear(0), true);
  }

  /** An agent that has said goodbye is not missed. */
  #withoutAgent(): Promise<Ending> | Ending {
    return this.#leaving ? this.#left.promise : 'agent-lost';
  }

  /** Unless the caller has something to say to the goodbye, the call ends when it was heard. */
  #leave({ timeIsUp }: Extract<AgentEvent, { type: 'farewell' }>, until: AbortSignal): void {
    this.#leaving ??= childAbort(until);
    const { signal } = this.#leaving;
    const heard = async () => {
      await this.#speaking?.done;
      await this.#line.drain(signal);
      if (!signal.aborted) this.#left.resolve(timeIsUp ? 'max-duration' : 'agent-hung-up');
    };
    heard().catch(this.#left.reject);
  }

  #stay(): void {
    this.#leaving?.abort();
    this.#leaving = null;
  }

  #listenTo(event: Exclude<LineEvent, { type: 'hung-up' | 'lost' }>): void {
    switch (event.type) {
      case 'audio':
        this.#atMs += durationMs(event.frame);
        this.#agent.hear(event.frame);
        return;
      case 'digit':
        this.#agent.press(event.digit);
        return;
      case 'heard':
        this.#progress(this.#playout.heard(event.positionMs), false);
    }
  }

  #follow(event: Exclude<AgentEvent, { type: 'lost' | 'farewell' }>, signal: AbortSignal): void {
    switch (event.type) {
      case 'reply':
        this.#stay();
        this.#start(event.id, event.speech, signal);
        return;
      case 'barge-in':
        this.#stay();
        this.#stop();
        this.#observe({ type: 'barge-in', atMs: this.#atMs });
        return;
      case 'words':
        this.#tellWords(event);
        return;
      case 'backchannel':
        this.#unfinished = null;
        this.#observe({ type: 'backchannel', text: event.text, atMs: this.#atMs });
        return;
      case 'voice':
      case 'tool-called':
      case 'notice-heard':
      case 'reply-timed':
        this.#observe(event);
    }
  }

  #start(id: number, speech: AsyncIterable<Speech>, signal: AbortSignal): void {
    this.#stop();
    const stop = childAbort(signal);
    this.#playout.begin(id);
    this.#agentTurn = { startMs: null, heard: '', heardMs: 0 };
    const done = this.#pump(speech, stop.signal).finally(() => stop.abort());
    this.#speaking = { stop, done };
  }

  async #pump(speech: AsyncIterable<Speech>, signal: AbortSignal): Promise<void> {
    try {
      for await (const piece of speech) {
        if (signal.aborted) return;
        this.#playout.give(piece);
        await this.#line.play(piece.frame, signal);
      }
    } catch (error) {
      // A line that is gone says so itself; speech that fails half-way ends the reply with what was given.
      if (!signal.aborted) this.#observe({ type: 'speech-failed', error });
    }
    if (signal.aborted) return;
    this.#playout.complete();
    this.#line.flush();
    // A reply without speech, or one heard while its end was still unknown, ends here.
    this.#progress(this.#playout.heard(0), false);
  }

  /** Takes the floor from the agent: at once at the ear, to the word in the transcript. */
  #stop(): void {
    if (this.#speaking === null) return;
    this.#speaking.stop.abort();
    this.#speaking = null;
    this.#progress(this.#playout.clear(this.#line.clear()), true);
  }

  #progress(heard: Heard | null, interrupted: boolean): void {
    if (heard === null || this.#agentTurn === null) return;
    const turn = this.#agentTurn;
    if (heard.heardMs > 0) turn.startMs ??= Math.max(0, this.#atMs - heard.heardMs);
    turn.heard = heard.text;
    turn.heardMs = heard.heardMs;
    // Before the turn is told: who keeps the agent's memory with each turn finds this one in it.
    this.#agent.heard(heard);
    if (!heard.ended) return;
    this.#speaking = null;
    this.#endTurn(interrupted);
  }

  #endTurn(interrupted: boolean): void {
    const turn = this.#agentTurn;
    this.#agentTurn = null;
    if (turn === null || turn.startMs === null) return;
    const { startMs, heard, heardMs } = turn;
    const said = this.#playout.said;
    const ended = { said, heard, startMs, endMs: startMs + heardMs, interrupted };
    this.#observe({ type: 'turn', turn: { speaker: 'agent', ...ended } });
  }

  #tellWords(words: Words): void {
    this.#unfinished = words.final ? null : words;
    if (words.final) this.#tellTurn(words);
    else this.#observe({ type: 'partial', text: words.text, atMs: this.#atMs });
  }

  #tellTurn({ text, startMs, endMs, confidence }: Words): void {
    const sure = confidence === undefined ? {} : { confidence };
    const turn = { said: text, heard: text, startMs, endMs, interrupted: false, ...sure };
    this.#observe({ type: 'turn', turn: { speaker: 'caller', ...turn } });
  }

  /** Words that the end of the call kept from becoming a turn were said all the same. */
  #tellUnfinished(): void {
    if (this.#unfinished !== null) this.#tellTurn(this.#unfinished);
    this.#unfinished = null;
  }
}

type Words = Extract<AgentEvent, { type: 'words' }>;
