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
import type { Claim } from './claim.ts';
import type { Desk } from './desk.ts';
import { LineFigures } from './line-figures.ts';
import { isToKeep, isWholeAnswer, type LiveCall } from './live-call.ts';
import { logConversation } from './log-conversation.ts';
import type { Message } from './message.ts';
import type { Recordings } from './recordings.ts';
import type { Records } from './records.ts';
import type { Reports } from './reports.ts';
import type { Sessions } from './sessions.ts';
import { type LineTap, TappedLine } from './tapped-line.ts';
import type { WarmAgents } from './warm-agents.ts';

/** The line of a call that the carrier knows. `counts` are for figures and the log. */
export interface CallLine extends Line {
  readonly start: Pick<StreamStart, 'callSid' | 'streamSid'>;
  readonly counts: { readonly callerLostMs?: number; readonly callerDroppedMs?: number };
}

/** What a conversation leaves behind, and where that goes. */
export interface AttendantParts {
  readonly log: Logger;
  readonly reports: Pick<Reports, 'tell'>;
  readonly records: Pick<Records, 'keep'>;
  readonly sessions: Pick<Sessions, 'claim' | 'keep' | 'keepLast' | 'ending'>;
  readonly warm: Pick<WarmAgents, 'claim'>;
  readonly live: Pick<LiveEvents, 'tell'>;
  /** Null: nothing is ever recorded. */
  readonly recordings: Pick<Recordings, 'begin' | 'close' | 'closed'> | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Stream {
  readonly line: CallLine;
  readonly plan: CallPlan;
  readonly call: LiveCall;
  readonly claim: Claim;
  readonly scribe: CallScribe;
  readonly log: Logger;
}

interface Answered {
  readonly ending: MediaEnding;
  /** Null: there was no agent. */
  readonly memory: AgentMemory | null;
}

/** Sees one stream of a call through: an agent for it, its record, its session, what its life is told. */
export class Attendant {
  readonly #parts: AttendantParts;
  readonly #now: () => number;
  readonly #desk: Desk | null;

  constructor(parts: AttendantParts, desk: Desk | null) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#desk = desk;
  }

  /** The record knows the end before the socket closes: the carrier asks at once how to go on. */
  async attend(line: CallLine, plan: CallPlan, call: LiveCall): Promise<MediaEnding> {
    const { reports, records, live, sessions, recordings } = this.#parts;
    const log = this.#parts.log.child({ callId: plan.id });
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
    const { callerLostMs = 0, callerDroppedMs = 0 } = line.counts;
    scribe.figures.droppedMs += callerLostMs + callerDroppedMs;
    scribe.end(ending);
    if (call.wasEnded) reports.tell(plan.id, { type: 'terminate', atMs });
    reports.tell(plan.id, { type: 'media-ended', stream, ending, atMs });
    const last = memory && checkpointOf(scribe.mark, memory, ending);
    if (last) await sessions.keepLast(plan.id, claim.epoch, last);
    await recordings?.closed(plan.id);
    log.info({ ending, durationMs: atMs - startedAtMs, line: line.counts }, 'call ended');
    return ending;
  }

  async #answer(stream: Stream): Promise<Answered> {
    const { call, scribe, log } = stream;
    try {
      await using agent = this.#agentOf(stream);
      const begunAtMs = this.#now();
      const ending = await this.#converse(stream, agent);
      call.left();
      scribe.figures.agentMs += this.#now() - begunAtMs;
      return { ending: call.endingOf(ending), memory: agent.memory };
    } catch (err) {
      log.error({ err }, 'call failed');
      return { ending: call.endingOf('agent-lost'), memory: null };
    }
  }

  /** A call that goes on needs an agent that knows what was said: the warm one knows nothing. */
  #agentOf({ plan, claim, scribe, log }: Stream): CallAgent {
    if (this.#desk === null) throw new Error('Nobody answers yet');
    scribe.figures.agentModel = this.#desk.model;
    const keep = (message: Message) => scribe.keep(message);
    const warm = this.#parts.warm.claim(plan.id);
    if (warm && claim.agent === null) {
      log.debug('using pre-warmed');
      warm.attach(keep);
      return warm.agent;
    }
    void warm?.agent[Symbol.asyncDispose]();
    return this.#desk.answer({ plan, earlier: claim.agent, ending: claim.ending, keep });
  }

  async #converse(stream: Stream, agent: CallAgent): Promise<Ending> {
    const { line, plan, call, scribe, log, claim } = stream;
    const recording = plan.record ? this.#parts.recordings?.begin(plan.id) : null;
    const taps: LineTap[] = [new LineFigures(scribe.figures, this.#now)];
    if (recording) taps.push(recording);
    if (claim.agent?.noticeHeard) recording?.keep();
    const keep = () => {
      const checkpoint = () => checkpointOf(scribe.mark, agent.memory);
      this.#parts.sessions.keep(plan.id, claim.epoch, checkpoint);
    };
    call.answeredBy(agent, (text) => {
      scribe.asked(text);
      keep();
    });
    const observe = (event: ConversationEvent) => {
      scribe.observe(event);
      logConversation(event, this.#desk?.toolNames ?? [], log);
      if (isWholeAnswer(event)) call.answerEnded();
      if (event.type === 'notice-heard') recording?.keep();
      if (isToKeep(event)) keep();
    };
    try {
      return await converse(new TappedLine(line, taps), agent, observe, call.signal);
    } finally {
      if (recording) this.#parts.recordings?.close(plan.id, recording);
    }
  }
}
