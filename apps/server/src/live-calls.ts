import { type Agent, converse, type Ending } from '@earshot/conversation';
import type { TwilioLine } from '@earshot/twilio';
import type { Logger } from 'pino';
import type { CallRecord } from './call-record.ts';

type Answer = (record: CallRecord) => Agent;

/** The conversations that go on in this process. */
export class LiveCalls {
  readonly #log: Logger;
  readonly #live = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #answer: Answer | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** From now on somebody answers. */
  open(answer: Answer): void {
    this.#answer = answer;
  }

  /** Answers the line and stays with it to its end. Never rejects. */
  async take(line: TwilioLine, record: CallRecord): Promise<void> {
    const { callSid } = line.start;
    const call = this.#converse(line, record);
    this.#live.set(callSid, call);
    await call;
    if (this.#live.get(callSid) === call) this.#live.delete(callSid);
  }

  /** Resolves once this call's conversation here is over, or there is none. */
  async over(callSid: string): Promise<void> {
    await this.#live.get(callSid);
  }

  /** Lets live calls end by themselves for so long, and then ends them. */
  async drain(graceMs: number): Promise<void> {
    const grace = setTimeout(() => this.#stop.abort(), graceMs);
    while (this.#live.size > 0) await Promise.all(this.#live.values());
    clearTimeout(grace);
    this.#stop.abort();
  }

  async #converse(line: TwilioLine, record: CallRecord): Promise<void> {
    const log = this.#log.child({ callId: record.callId });
    const startedAtMs = performance.now();
    record.begin();
    log.info({ stream: record.streams }, 'call started');
    const ending = await this.#run(line, record, log);
    const durationMs = Math.round(performance.now() - startedAtMs);
    // Before the socket closes: the carrier asks at once how to go on.
    record.end(ending);
    await line[Symbol.asyncDispose]();
    log.info({ ending, durationMs, line: line.counts }, 'call ended');
  }

  async #run(line: TwilioLine, record: CallRecord, log: Logger): Promise<Ending> {
    try {
      await using agent = this.#answer?.(record);
      if (!agent) return 'agent-lost';
      const signal = this.#stop.signal;
      return await converse(line, agent, (event) => watch(event, record, log), signal);
    } catch (error) {
      log.error({ err: error }, 'call failed');
      return 'agent-lost';
    }
  }
}

type Observed = Parameters<Parameters<typeof converse>[2]>[0];

/** What is said goes into the record, and only how long it took into the log. */
function watch(event: Observed, record: CallRecord, log: Logger): void {
  record.observe(event);
  if (event.type === 'reply-timed') log.debug({ timing: event.timing }, 'reply timed');
  if (event.type === 'barge-in') log.debug('barge-in');
  if (event.type === 'tool-called')
    log.info({ tool: event.call.name, failed: 'error' in event.result }, 'tool called');
  if (event.type === 'speech-failed') log.warn({ err: event.error }, 'speech failed');
}
