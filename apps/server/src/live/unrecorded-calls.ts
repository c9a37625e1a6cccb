import type { CallPlan } from '@earshot/calls';
import {
  type Agent,
  type ConversationEvent,
  converse,
  type Ending,
  type Line,
} from '@earshot/conversation';
import type { StreamStart } from '@earshot/twilio';
import type { Logger } from 'pino';
import type { CallRecord } from './call-record.ts';
import type { AgentCall } from './desk.ts';
import type { Message } from './message.ts';

type Answer = (record: CallRecord) => Agent;

/** What is known of a call that no plan was made for. */
export function callOf(record: CallRecord, maxDurationMs: number): AgentCall {
  const plan: CallPlan = {
    id: record.callId,
    direction: 'inbound',
    to: '',
    from: '',
    receptionistId: null,
    greeting: null,
    systemPrompt: null,
    maxDurationMs,
    ringTimeoutMs: 60_000,
    machineDetection: 'off',
    record: false,
    vadConfig: null,
    metadata: {},
    agent: null,
  };
  const nothing = { turns: [], memory: null, expectation: { topic: 'anything' }, elapsedMs: 0 };
  const keep = (message: Message) => record.keep(message);
  return { plan, earlier: record.streams > 1 ? nothing : null, keep };
}

/** The line of a call that the carrier knows. `counts` are for the log. */
export interface CallLine extends Line {
  readonly start: Pick<StreamStart, 'callSid'>;
  readonly counts: object;
}

interface LiveCall {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** The conversations that go on in this process. */
export class LiveCalls {
  readonly #log: Logger;
  /** By the carrier's id: the newest stream of each call. */
  readonly #live = new Map<string, LiveCall>();
  /** Until the socket is closed too. */
  readonly #open = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #answer: Answer | null = null;
  #toolNames: ReadonlySet<string> = new Set();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** From now on somebody answers. Calls of these tools are logged by name. */
  open(answer: Answer, toolNames: Iterable<string>): void {
    this.#answer = answer;
    this.#toolNames = new Set(toolNames);
  }

  /** Answers the line and stays with it to its end. Never rejects. */
  async take(line: CallLine, record: CallRecord): Promise<void> {
    const open = this.#take(line, record);
    this.#open.add(open);
    await open;
    this.#open.delete(open);
  }

  /** Resolves once this call's conversation here is over, or there is none. */
  async over(callSid: string): Promise<void> {
    await this.#live.get(callSid)?.over;
  }

  /** Lets live calls end by themselves for so long, and then ends them. */
  async drain(graceMs: number): Promise<void> {
    const grace = setTimeout(() => this.#stop.abort(), graceMs);
    while (this.#open.size > 0) await Promise.all(this.#open);
    clearTimeout(grace);
    this.#stop.abort();
  }

  async #take(line: CallLine, record: CallRecord): Promise<void> {
    const { callSid } = line.start;
    // The carrier has given up earlier streams of the call; we may not have noticed yet. Each that
    // waits here is replaced in turn by the next.
    for (let live = this.#live.get(callSid); live; live = this.#live.get(callSid)) {
      live.stop.abort();
      await live.over;
    }
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, stop.signal]);
    const over = this.#converse(line, record, signal).then(() => void this.#live.delete(callSid));
    this.#live.set(callSid, { stop, over });
    await over;
    await line[Symbol.asyncDispose]();
  }

  /** The record knows the end before the socket closes: the carrier asks at once how to go on. */
  async #converse(line: CallLine, record: CallRecord, signal: AbortSignal): Promise<void> {
    const log = this.#log.child({ callId: record.callId });
    const startedAtMs = performance.now();
    record.begin();
    log.info({ stream: record.streams }, 'call started');
    const ending = await this.#run(line, record, log, signal);
    const durationMs = Math.round(performance.now() - startedAtMs);
    record.end(ending);
    log.info({ ending, durationMs, line: line.counts }, 'call ended');
  }

  async #run(
    line: CallLine,
    record: CallRecord,
    log: Logger,
    signal: AbortSignal,
  ): Promise<Ending> {
    try {
      await using agent = this.#answer?.(record);
      if (!agent) return 'agent-lost';
      return await converse(line, agent, (event) => this.#watch(event, record, log), signal);
    } catch (error) {
      log.error({ err: error }, 'call failed');
      return 'agent-lost';
    }
  }

  /** What is said goes into the record, and only how long it took into the log. */
  #watch(event: ConversationEvent, record: CallRecord, log: Logger): void {
    record.observe(event);
    if (event.type === 'reply-timed') log.debug({ timing: event.timing }, 'reply timed');
    if (event.type === 'barge-in') log.debug('barge-in');
    if (event.type === 'speech-failed') log.warn({ err: event.error }, 'speech failed');
    if (event.type !== 'tool-called') return;
    const { name } = event.call;
    // A name that a language model made up may hold what the caller said.
    const tool = this.#toolNames.has(name) ? name : 'unknown';
    log.info({ tool, failed: 'error' in event.result }, 'tool called');
  }
}
