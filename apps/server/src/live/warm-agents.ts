import type { CallPlan, LiveEvents } from '@earshot/calls';
import type { CallAgent } from '@earshot/conversation';
import type { Logger } from 'pino';
import { remember } from '../remember.ts';
import type { Desk } from './desk.ts';
import type { Message } from './message.ts';

/** An agent that was opened ahead of its call. */
export interface WarmAgent {
  readonly agent: CallAgent;
  readonly sinceMs: number;
  /** Says who takes the caller's messages, now that there is a caller. */
  attach(keep: (message: Message) => boolean): void;
}

export interface WarmAgentsOptions {
  readonly log: Logger;
  readonly sessions: { announce(callId: string): Promise<void> };
  readonly events: Pick<LiveEvents, 'listen'>;
  readonly instance: string;
  readonly now: () => number;
  /** Most agents that wait at once; more calls begin cold. Default 100. */
  readonly most?: number;
}

interface Waiting extends WarmAgent {
  readonly timer: NodeJS.Timeout;
}

/** Beyond the ringing: detection of machines, a slow answer of the carrier. */
const MARGIN_MS = 30_000;
/** More than the calls that wait to be dialled. Not every instance hears of every end. */
const MOST_MISSED = 20_000;

/** Agents opened while the phone rings, with their first words spoken, each for one call and once. */
export class WarmAgents implements AsyncDisposable {
  readonly #options: WarmAgentsOptions;
  readonly #stop = new AbortController();
  readonly #waiting = new Map<string, Waiting>();
  /** Calls that are not over and had no place, or waited too long to be dialled: warmed when they ring. */
  readonly #missed = new Map<string, CallPlan>();
  readonly #closing = new Set<Promise<void>>();
  readonly #listening: Promise<void>;
  #desk: Desk | null = null;
  readonly counts = { warmed: 0, claimed: 0, dropped: 0, refused: 0 };

  constructor(options: WarmAgentsOptions) {
    this.#options = options;
    this.#listening = this.#listen();
  }

  open(desk: Desk): void {
    this.#desk = desk;
  }

  /** Opens the call's agent, unless it is open. Never throws: a call without a warm agent begins cold. */
  warm(plan: CallPlan): void {
    const { log, now, most = 100, sessions } = this.#options;
    if (this.#desk === null || this.#stop.signal.aborted || this.#waiting.has(plan.id)) return;
    if (this.#waiting.size >= most) {
      remember(this.#missed, plan.id, plan, MOST_MISSED);
      this.counts.refused += 1;
      return;
    }
    let taker: ((message: Message) => boolean) | null = null;
    try {
      const keep = (message: Message) => taker?.(message) ?? false;
      const agent = this.#desk.answer({ plan, earlier: null, ending: null, keep });
      const attach = (given: typeof keep) => {
        taker = given;
      };
      const expire = () => {
        this.drop(plan.id);
        remember(this.#missed, plan.id, plan, MOST_MISSED);
      };
      const timer = setTimeout(expire, plan.ringTimeoutMs + MARGIN_MS).unref();
      this.#waiting.set(plan.id, { agent, sinceMs: now(), attach, timer });
      this.counts.warmed += 1;
      log.debug({ callId: plan.id }, 'pre-warming initiated');
      void sessions.announce(plan.id);
    } catch (err) {
      log.warn({ err, callId: plan.id }, 'failed to pre-warm');
    }
  }

  /** The call's agent, for the one who asks first; null when none is warm here. */
  claim(callId: string): WarmAgent | null {
    this.#missed.delete(callId);
    const waiting = this.#waiting.get(callId);
    if (!waiting) return null;
    this.#waiting.delete(callId);
    clearTimeout(waiting.timer);
    this.counts.claimed += 1;
    return waiting;
  }

  /** The call has ended, or begins elsewhere. True when an agent was warm for it. */
  drop(callId: string): boolean {
    this.#missed.delete(callId);
    const waiting = this.#waiting.get(callId);
    if (!waiting) return false;
    this.#waiting.delete(callId);
    clearTimeout(waiting.timer);
    this.counts.dropped += 1;
    const closing = this.#close(waiting.agent).then(() => void this.#closing.delete(closing));
    this.#closing.add(closing);
    return true;
  }

  get size(): number {
    return this.#waiting.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const callId of [...this.#waiting.keys()]) this.drop(callId);
    await Promise.all([this.#listening, ...this.#closing]);
  }

  /** Of calls that ring, and of streams that another instance has got. */
  async #listen(): Promise<void> {
    const { events, instance } = this.#options;
    for await (const { type, callId, data } of events.listen('*', this.#stop.signal)) {
      if (type === 'session-claimed' && data.holder !== instance) this.drop(callId);
      if (type === 'phase' && data.phase === 'ringing') this.#rings(callId);
    }
  }

  /** Its place in the queue may have taken longer than an agent waits. */
  #rings(callId: string): void {
    this.#waiting.get(callId)?.timer.refresh();
    const missed = this.#missed.get(callId);
    this.#missed.delete(callId);
    if (missed) this.warm(missed);
  }

  async #close(agent: CallAgent): Promise<void> {
    try {
      await agent[Symbol.asyncDispose]();
    } catch (err) {
      this.#options.log.warn({ err }, 'a warm agent did not close');
    }
  }
}
