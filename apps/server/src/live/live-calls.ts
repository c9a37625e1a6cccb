import type { CallPlan, MediaEnding } from '@earshot/calls';
import { remember } from '../remember.ts';
import { Attendant, type AttendantParts, type CallLine } from './attendant.ts';
import type { Desk } from './desk.ts';
import { LiveCall, type SayResult } from './live-call.ts';

/** Endings of calls that are over here are remembered for so many. */
const MOST_ENDINGS = 1_000;
/** Before it has to, a call leaves a process that stops after an answer. */
const LAST_TURN_MS = 10_000;

/** The conversations that go on in this process. */
export class LiveCalls {
  readonly #parts: AttendantParts;
  /** The newest stream of each call. */
  readonly #live = new Map<string, LiveCall>();
  /** Until the socket is closed too. */
  readonly #open = new Set<Promise<void>>();
  readonly #endings = new Map<string, MediaEnding>();
  #attendant: Attendant;
  #systemRoom = Number.POSITIVE_INFINITY;
  /** No call stays any more. */
  #drained = false;

  constructor(parts: AttendantParts) {
    this.#parts = parts;
    this.#attendant = new Attendant(parts, null);
  }

  /** From now on somebody answers. */
  open(desk: Desk): void {
    this.#attendant = new Attendant(this.#parts, desk);
    this.#systemRoom = desk.systemRoom;
  }

  /** How long a system prompt whoever answers takes in whole, in characters. */
  get systemRoom(): number {
    return this.#systemRoom;
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

  /** The same, wherever that stream was; null, too, when nobody can tell. */
  async endingAnywhere(callId: string): Promise<MediaEnding | null> {
    if (this.#live.has(callId)) return null;
    return this.ending(callId) ?? this.#parts.sessions.ending(callId);
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

  /** Has a line spoken at the next chance. */
  say(callId: string, text: string): SayResult {
    return this.#live.get(callId)?.say(text) ?? 'nobody-speaks';
  }

  /** To be told before the carrier is asked for a transfer, and again, with false, if that fails. */
  transferring(callId: string, is: boolean): boolean {
    this.#live.get(callId)?.transferring(is);
    return this.has(callId);
  }

  /**
   * Lets live calls end by themselves for so long, and has the others go on elsewhere: towards the end
   * of that time when somebody has just finished speaking, at its end wherever they are.
   */
  async drain(graceMs: number): Promise<void> {
    const leaving = setTimeout(
      () => {
        for (const call of this.#live.values()) call.leaveAtTurn();
      },
      graceMs - Math.min(LAST_TURN_MS, graceMs / 3),
    );
    const end = setTimeout(() => {
      this.#drained = true;
      for (const call of this.#live.values()) call.stop('drained');
    }, graceMs);
    while (this.#open.size > 0) await Promise.all(this.#open);
    clearTimeout(leaving);
    clearTimeout(end);
  }

  async #take(line: CallLine, plan: CallPlan): Promise<void> {
    // The carrier has given up earlier streams of the call; we may not have noticed yet. Each that
    // waits here is replaced in turn by the next.
    for (let live = this.#live.get(plan.id); live; live = this.#live.get(plan.id)) {
      live.stop('replaced');
      await live.over;
    }
    const call = new LiveCall();
    if (this.#drained) call.stop('drained');
    this.#live.set(plan.id, call);
    this.#endings.delete(plan.id);
    try {
      const ending = await this.#attendant.attend(line, plan, call);
      remember(this.#endings, plan.id, ending, MOST_ENDINGS);
    } catch (err) {
      this.#parts.log.error({ err, callId: plan.id }, 'call failed');
    }
    this.#live.delete(plan.id);
    call.finish();
    await line[Symbol.asyncDispose]();
  }
}
