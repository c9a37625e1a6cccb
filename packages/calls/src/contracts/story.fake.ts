import { expect } from 'vitest';
import type { Call, CallPlan } from '../call.ts';
import type { CallLifecycle } from '../lifecycle.ts';
import { outcome, type Reason } from '../outcome.ts';
import type { ScriptLimits } from '../script-limits.ts';
import { planOf } from './example-calls.ts';
import { type StoryHost, StoryParts, type StoryStage } from './story-stage.fake.ts';

/** One call on one stage, from its order to its record. */
export class Story implements AsyncDisposable {
  readonly parts: StoryParts;
  readonly limits: ScriptLimits;
  /** A short while: an answer comes in one, a call's audio waits for its last words for five. */
  readonly tickMs: number;
  readonly plan: CallPlan;
  readonly #stage: StoryStage;
  readonly #host: StoryHost;

  private constructor(
    stage: StoryStage,
    host: StoryHost,
    parts: StoryParts,
    plan: Partial<CallPlan>,
  ) {
    this.#stage = stage;
    this.#host = host;
    this.parts = parts;
    this.limits = stage.limits;
    this.tickMs = stage.limits.lastWordsMs / 5;
    const tickMs = this.tickMs;
    this.plan = planOf({ maxDurationMs: 40 * tickMs, ringTimeoutMs: 10 * tickMs, ...plan });
  }

  static async open(stage: StoryStage, plan: Partial<CallPlan> = {}): Promise<Story> {
    const parts = new StoryParts(stage.clock);
    const host = await stage.host(parts.activities, parts);
    parts.connect(host.lifecycle);
    const story = new Story(stage, host, parts, plan);
    parts.carrier.callee = { ...parts.carrier.callee, ringsMs: story.tickMs };
    return story;
  }

  get lifecycle(): CallLifecycle {
    return this.#host.lifecycle;
  }

  /** Orders the call. */
  async order(carrierCallId: string | null = null): Promise<void> {
    await this.lifecycle.start(this.plan, carrierCallId, never());
  }

  /** Somebody calls us, and hangs up after so long. */
  async arrive(talksMs: number | null): Promise<void> {
    const { id } = this.plan;
    await this.order(`CA-${id}`);
    this.parts.carrier.arrive(id, `CA-${id}`, talksMs);
  }

  async terminate(): Promise<void> {
    const report = { type: 'terminate', atMs: this.#stage.clock.now() } as const;
    await this.lifecycle.report(this.plan.id, report, never());
  }

  until(condition: () => boolean | Promise<boolean>): Promise<void> {
    return this.#stage.until(condition);
  }

  /** What takes time, which passes on a virtual clock only while somebody waits for it. */
  async does<T>(work: PromiseLike<T>): Promise<T> {
    let over = false;
    const finish = () => {
      over = true;
    };
    work.then(finish, finish);
    await this.until(() => over);
    return work;
  }

  /** The agent lets the caller talk with somebody else. */
  async transfer(talksMs: number | null): Promise<void> {
    const { audio, carrier } = this.parts;
    carrier.transferTalksMs = talksMs;
    audio.end(this.plan.id, 'transferring');
    const [leg = { callId: this.plan.id, carrierCallId: '' }] = carrier.live;
    await this.does(carrier.transfer(leg));
  }

  /** Until its audio has come, and been told of. */
  async talks(): Promise<void> {
    await this.until(async () => {
      const state = await this.lifecycle.state(this.plan.id, never());
      return this.parts.audio.isLive(this.plan.id) && state?.phase === 'answered';
    });
  }

  /** Lets time pass. */
  async passes(ticks: number): Promise<void> {
    let over = false;
    const callOff = this.#stage.clock.after(ticks * this.tickMs, () => {
      over = true;
    });
    await this.until(() => over);
    callOff();
  }

  /** The call's end, and that everything about it is as it has to be after any call. */
  async ends(reason: Reason): Promise<Call> {
    const end = await this.does(this.lifecycle.outcome(this.plan.id, never()));
    expect(end).toEqual(outcome(reason));
    const { id } = this.plan;
    const call = await this.parts.store.find(id);
    if (!call) throw new Error('The call has no row');
    expect(call).toMatchObject({ phase: 'ended', outcome: end });
    expect(call.endedAtMs).toBeGreaterThanOrEqual(call.createdAtMs);
    expect(this.parts.carrier.live).toEqual([]);
    expect(this.parts.carrier.dials).toBeLessThanOrEqual(1);
    expect(this.parts.told.filter(({ type }) => type === 'ended')).toEqual([
      { type: 'ended', call },
    ]);
    expect(this.parts.sessionsEnded).toEqual([id]);
    expect(this.parts.failures).toEqual([]);
    return call;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.parts.queueIsHeld = false;
    await this.does(this.#host[Symbol.asyncDispose]());
    this.parts[Symbol.dispose]();
  }
}

export function never(): AbortSignal {
  return new AbortController().signal;
}
