import type { CallPlan, LiveEvents, MediaEnding } from '@earshot/calls';
import {
  type AgentMemory,
  type CallAgent,
  type ConversationEvent,
  converse,
  type Ending,
  type Line,
} from '@earshot/conversation';
import type { StreamStart } from '@earshot/twilio';
import type { Logger } from 'pino';
import { CallScribe } from './call-scribe.ts';
import { checkpointOf } from './checkpoint.ts';
import type { Desk } from './desk.ts';
import { LineFigures } from './line-figures.ts';
import { endsTurn, LiveCall } from './live-call.ts';
import { logConversation } from './log-conversation.ts';
import type { Message } from './message.ts';
import type { Recordings } from './recordings.ts';
import type { Records } from './records.ts';
import type { Reports } from './reports.ts';
import type { Claim, Sessions } from './sessions.ts';
import { type LineTap, TappedLine } from './tapped-line.ts';
import type { WarmAgents } from './warm-agents.ts';

/** The line of a call that the carrier knows. `counts` are for the log. */
export interface CallLine extends Line {
  readonly start: Pick<StreamStart, 'callSid' | 'streamSid'>;
  readonly counts: { readonly callerLostMs?: number; readonly callerDroppedMs?: number };
}

export interface LiveCallsOptions {
  readonly log: Logger;
  readonly reports: Pick<Reports, 'tell'>;
  readonly records: Pick<Records, 'keep'>;
  readonly sessions: Pick<Sessions, 'claim' | 'keep' | 'keepLast'>;
  readonly warm: Pick<WarmAgents, 'claim'>;
  readonly live: Pick<LiveEvents, 'tell'>;
  /** Null: nothing is ever recorded. */
  readonly recordings: Pick<Recordings, 'begin'> | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Endings of calls that are over here are remembered for so many. */
const MOST_ENDINGS = 1_000;

/** The conversations that go on in this process. */
export class LiveCalls {
  readonly #options: LiveCallsOptions;
  readonly #now: () => number;
  /** The newest stream of each call. */
  readonly #live = new Map<string, LiveCall>();
  /** Until the socket is closed too. */
  readonly #open = new Set<Promise<void>>();
  readonly #endings = new Map<string, MediaEnding>();
  #desk: Desk | null = null;

  constructor(options: LiveCallsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** From now on somebody answers. */
  open(desk: Desk): void {
    this.#desk = desk;
  }

  /** Answers the line and stays with it to its end. Never rejects. */
  async take(line: CallLine, plan: CallPlan): Promise<void> {
    const open = this.#take(line, plan);
    this.#open.add(open);
    await open;
    this.#open.delete(open);
  }

  /** A conversation of this call goes on here. */
  has(callId: string): boolean {
    return this.#live.has(callId);
  }

  get size(): number {
    return this.#live.size;
  }

  /** How the call's newest stream here has ended; null while it goes on, and when there was none. */
  ending(callId: string): MediaEnding | null {
    return this.#live.has(callId) ? null : (this.#endings.get(callId) ?? null);
  }

  /** Resolves once this call's conversation here is over, or there is none. */
  async over(callId: string): Promise<void> {
    await this.#live.get(callId)?.over;
  }

  /** Ends the conversation at once, and tells the call's life that somebody wanted that. */
  end(callId: string): boolean {
    this.#live.get(callId)?.stop('ended');
    return this.has(callId);
  }

  /** Has a line spoken at the next chance. False when the call is not here, or too much waits. */
  say(callId: string, text: string): boolean {
    return this.#live.get(callId)?.say(text) ?? false;
  }

  /** To be told before the carrier is asked for a transfer, and again, with false, if that fails. */
  transferring(callId: string, is: boolean): boolean {
    this.#live.get(callId)?.transferring(is);
    return this.has(callId);
  }

  /** Lets live calls end by themselves for so long, and then has them go on elsewhere. */
  async drain(graceMs: number): Promise<void> {
    const stop = () => {
      for (const call of this.#live.values()) call.stop('drained');
    };
    const grace = setTimeout(stop, graceMs);
    while (this.#open.size > 0) await Promise.all(this.#open);
    clearTimeout(grace);
  }

  async #take(line: CallLine, plan: CallPlan): Promise<void> {
    // The carrier has given up earlier streams of the call; we may not have noticed yet. Each that
    // waits here is replaced in turn by the next.
    for (let live = this.#live.get(plan.id); live; live = this.#live.get(plan.id)) {
      live.stop('replaced');
      await live.over;
    }
    const call = new LiveCall();
    this.#live.set(plan.id, call);
    this.#endings.delete(plan.id);
    const log = this.#options.log.child({ callId: plan.id });
    try {
      await this.#serve(line, plan, call, log);
    } catch (err) {
      log.error({ err }, 'call failed');
    }
    this.#live.delete(plan.id);
    call.finish();
    await line[Symbol.asyncDispose]();
  }

  /** The record knows the end before the socket closes: the carrier asks at once how to go on. */
  async #serve(line: CallLine, plan: CallPlan, call: LiveCall, log: Logger): Promise<void> {
    const { reports, records, live, sessions } = this.#options;
    const startedAtMs = this.#now();
    const claim = await sessions.claim(plan.id);
    const { stream, mark } = claim;
    const scribe = new CallScribe({ callId: plan.id, mark, records, live, now: this.#now });
    scribe.figures.websocketAtMs ??= startedAtMs;
    reports.tell(plan.id, { type: 'media-started', stream, atMs: this.#now() });
    scribe.begin(stream, line.start.streamSid);
    log.info({ stream }, 'call started');
    const { ending, memory } = await this.#answer({ line, plan, call, claim, scribe, log });
    const atMs = this.#now();
    scribe.figures.droppedMs +=
      (line.counts.callerLostMs ?? 0) + (line.counts.callerDroppedMs ?? 0);
    scribe.end(ending);
    if (call.wasEnded) reports.tell(plan.id, { type: 'terminate', atMs });
    reports.tell(plan.id, { type: 'media-ended', stream, ending, atMs });
    this.#remember(plan.id, ending);
    if (memory) await sessions.keepLast(plan.id, claim.epoch, checkpointOf(scribe.mark, memory));
    log.info({ ending, durationMs: atMs - startedAtMs, line: line.counts }, 'call ended');
  }

  async #answer(one: OneStream): Promise<Answered> {
    const { call, scribe, log } = one;
    try {
      await using agent = this.#agentOf(one);
      const begunAtMs = this.#now();
      call.answeredBy(agent, (text) => scribe.asked(text));
      const ending = await this.#converse(one, agent);
      scribe.figures.agentMs += this.#now() - begunAtMs;
      return { ending: call.endingOf(ending), memory: agent.memory };
    } catch (err) {
      log.error({ err }, 'call failed');
      return { ending: call.endingOf('agent-lost'), memory: null };
    }
  }

  /** A call that goes on needs an agent that knows what was said: the warm one knows nothing. */
  #agentOf({ plan, claim, scribe, log }: OneStream): CallAgent {
    if (this.#desk === null) throw new Error('Nobody answers yet');
    scribe.figures.agentModel = this.#desk.model;
    const keep = (message: Message) => scribe.keep(message);
    const warm = this.#options.warm.claim(plan.id);
    if (warm && claim.agent === null) {
      log.debug('using pre-warmed');
      warm.attach(keep);
      return warm.agent;
    }
    void warm?.agent[Symbol.asyncDispose]();
    return this.#desk.answer({ plan, earlier: claim.agent, keep });
  }

  async #converse(one: OneStream, agent: CallAgent): Promise<Ending> {
    const { line, plan, call, scribe, log, claim } = one;
    const recording = plan.record ? this.#options.recordings?.begin(plan.id) : null;
    const taps: LineTap[] = [new LineFigures(scribe.figures, this.#now)];
    if (recording) taps.push(recording);
    const observe = (event: ConversationEvent) => {
      scribe.observe(event);
      logConversation(event, this.#desk?.toolNames ?? [], log);
      if (endsTurn(event))
        this.#options.sessions.keep(plan.id, claim.epoch, () =>
          checkpointOf(scribe.mark, agent.memory),
        );
    };
    try {
      return await converse(new TappedLine(line, taps), agent, observe, call.signal);
    } finally {
      await recording?.close();
    }
  }

  #remember(callId: string, ending: MediaEnding): void {
    this.#endings.set(callId, ending);
    for (const first of this.#endings.keys()) {
      if (this.#endings.size <= MOST_ENDINGS) return;
      this.#endings.delete(first);
    }
  }
}

interface Answered {
  readonly ending: MediaEnding;
  /** Null: there was no agent. */
  readonly memory: AgentMemory | null;
}

interface OneStream {
  readonly line: CallLine;
  readonly plan: CallPlan;
  readonly call: LiveCall;
  readonly claim: Claim;
  readonly scribe: CallScribe;
  readonly log: Logger;
}
