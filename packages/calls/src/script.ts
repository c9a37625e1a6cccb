import type { CallPlan } from './call.ts';
import { CallRecord } from './call-record.ts';
import { endedAtMs, hangUp, revise } from './ending.ts';
import { Following } from './following.ts';
import { type Outcome, outcome } from './outcome.ts';
import type { MediaEnding } from './report.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from './script-limits.ts';
import { finalVerdict, lastEnding, lossVerdict, streamLives, verdictOf } from './verdict.ts';
import type { DialResult, World } from './world.ts';

export interface ScriptOptions {
  readonly limits?: ScriptLimits;
  /** The process that held the call died: it is taken over as the carrier says it stands, and never dialled. */
  readonly adopted?: boolean;
  /** Told of the end once it is decided and the phone leg has ended, before it is kept. */
  readonly decided?: (end: Outcome) => void;
}

/**
 * The life of one call, from its order to its one outcome. It is pure: all it knows comes from the
 * world's progress, and all it does goes through the world's activities, so that it can be hosted
 * durably and be replayed. Begun again for a call that was dialled, it dials no second time.
 */
export async function runCall(
  plan: CallPlan,
  world: World,
  options: ScriptOptions = {},
): Promise<Outcome> {
  const life = new Life(plan, world, options);
  let end: Outcome;
  try {
    end = await life.run();
  } catch (error) {
    end = world.isCancellation(error) ? life.cancelled() : outcome('internal-error');
  }
  return world.uncancellable(() => life.end(end));
}

class Life {
  readonly #plan: CallPlan;
  readonly #world: World;
  readonly #limits: ScriptLimits;
  readonly #adopted: boolean;
  readonly #decided: (end: Outcome) => void;
  readonly #record: CallRecord;
  readonly #following: Following;
  /** There may be a call at the carrier whose id we do not know. */
  #unclear = false;

  constructor(plan: CallPlan, world: World, { limits, adopted, decided }: ScriptOptions) {
    this.#plan = plan;
    this.#world = world;
    this.#limits = limits ?? SCRIPT_LIMITS;
    this.#adopted = adopted ?? false;
    this.#decided = decided ?? (() => {});
    this.#record = new CallRecord(plan, world.activities);
    this.#following = new Following(plan, world, this.#record);
  }

  async run(): Promise<Outcome> {
    if (this.#adopted) await this.#following.lookUp();
    if (this.#plan.direction === 'outbound') {
      const unanswered = (await this.#place()) ?? (await this.#ring());
      if (unanswered) return unanswered;
    } else this.#greet();
    return (await this.#connect()) ?? (await this.#talk());
  }

  /** Who cancels the script itself wants the call to end. */
  cancelled(): Outcome {
    this.#world.learn({ type: 'terminate', atMs: this.#world.now() });
    return this.#verdict ?? outcome('canceled');
  }

  /** The phone leg is ended before the outcome is kept: nothing is left ringing. */
  async end(end: Outcome): Promise<Outcome> {
    if (this.#unclear) await this.#locate();
    await hangUp(this.#world, this.#limits.hangUpAfterMs);
    const last = await revise(end, this.#plan, this.#world, this.#following);
    this.#decided(last);
    await this.#record.finish(last, this.#world.progress, endedAtMs(this.#world));
    return last;
  }

  /** An inbound call is with us already: its audio waits for no database. */
  #greet(): void {
    const carrierCallId = this.#carrierCallId;
    this.#record.begin(carrierCallId, this.#world.now());
    if (carrierCallId !== null) this.#following.learn(carrierCallId, 'ringing');
  }

  /** Null once the carrier has the call; else why it has not. */
  async #place(): Promise<Outcome | null> {
    const beganAtMs = this.#world.now();
    const { activities } = this.#world;
    const first = await activities.begin(this.#plan, this.#carrierCallId, beganAtMs);
    if (this.#carrierCallId !== null) return null;
    if (first && this.#adopted) return this.#verdict ?? outcome('server-lost');
    if (first) {
      const failed = await this.#dial();
      if (failed) return failed;
    }
    if (this.#carrierCallId === null) await this.#locate();
    return this.#carrierCallId === null ? outcome('dial-unknown') : null;
  }

  async #dial(): Promise<Outcome | null> {
    const { activities } = this.#world;
    const stopped = () => this.#verdict !== null;
    const inTime = stopped() || (await this.#turn(stopped));
    if (this.#verdict) return this.#verdict;
    if (!inTime) return outcome('not-dialled');
    this.#unclear = true;
    this.#record.dialled(this.#world.now());
    const result = await activities.dial(this.#plan).catch((error: unknown): DialResult => {
      if (this.#world.isCancellation(error)) throw error;
      return { type: 'ambiguous' };
    });
    if (result.type !== 'ambiguous') this.#unclear = false;
    if (result.type === 'dialled') this.#following.learn(result.carrierCallId, 'queued');
    return result.type === 'failed' ? outcome(result.reason) : null;
  }

  /** False: it does not come in time, or the host gives none out any more. */
  async #turn(stopped: () => boolean): Promise<boolean> {
    const turn = this.#world.activities.turn(this.#plan).then(
      () => true,
      (error: unknown) => {
        if (this.#world.isCancellation(error)) throw error;
        return false;
      },
    );
    return Promise.race([turn, this.#world.until(stopped, this.#limits.queueMs)]);
  }

  /** Looks for the call that a dial of ours may have led to. A report of the carrier tells, too. */
  async #locate(): Promise<void> {
    const isKnown = () => this.#carrierCallId !== null;
    const { findAfterMs } = this.#limits;
    this.#unclear = true;
    for (const waitMs of this.#adopted ? [0, ...findAfterMs] : findAfterMs) {
      if (isKnown() || (await this.#world.until(isKnown, waitMs))) break;
      await this.#following.find();
    }
    this.#unclear = false;
  }

  async #ring(): Promise<Outcome | null> {
    const { ringMarginMs, ringLookUpEveryMs } = this.#limits;
    const limitMs = this.#plan.ringTimeoutMs + ringMarginMs;
    const isOver = () => this.#isAnswered || this.#isDecided;
    if (await this.#following.watch(isOver, limitMs, ringLookUpEveryMs)) return this.#verdict;
    return outcome('no-answer');
  }

  /** Null once there is audio. */
  async #connect(): Promise<Outcome | null> {
    const { mediaMs } = this.#limits;
    const isTold = () => this.#hasAudio || this.#isDecided;
    if (!(await this.#following.watch(isTold, mediaMs, mediaMs)))
      return outcome(this.#adopted ? 'server-lost' : 'media-never-came');
    return this.#hasAudio ? null : this.#lastWords();
  }

  async #talk(): Promise<Outcome> {
    const { farewellMs, lookUpEveryMs } = this.#limits;
    const sinceMs = this.#world.progress.answeredAtMs ?? this.#world.now();
    const deadlineMs = sinceMs + this.#plan.maxDurationMs + farewellMs;
    while (!this.#isDecided) {
      const ending = lastEnding(this.#world.progress);
      // A caller who talks with somebody else is not bound by the agent's limit.
      const leftMs = ending === 'transferring' ? lookUpEveryMs : deadlineMs - this.#world.now();
      if (leftMs <= 0) return outcome('max-duration');
      const isNews = () => this.#isDecided || lastEnding(this.#world.progress) !== ending;
      if (ending === null || ending === 'transferring')
        await this.#following.watch(isNews, Math.min(leftMs, lookUpEveryMs), lookUpEveryMs);
      else if (!(await this.#isBack(ending, isNews))) return lossVerdict(ending);
    }
    return this.#lastWords();
  }

  async #isBack(ending: MediaEnding, isNews: () => boolean): Promise<boolean> {
    const { backMs, goneLookUpEveryMs } = this.#limits;
    const everyMs = ending === 'caller-hung-up' ? goneLookUpEveryMs : backMs;
    const isBack = () => isNews() || streamLives(this.#world.progress);
    return this.#following.watch(isBack, backMs, everyMs);
  }

  /** The carrier's `completed` waits for what the holder of the audio has to tell. */
  async #lastWords(): Promise<Outcome> {
    const { lastWordsMs, holderMs } = this.#limits;
    const isTold = () => this.#verdict !== null;
    await this.#following.until(isTold, lastWordsMs);
    if (this.#verdict) return this.#verdict;
    const isSilent = () => streamLives(this.#world.progress);
    const isGone =
      isSilent() && !(await this.#following.until(() => isTold() || !isSilent(), holderMs));
    if (isGone || (this.#adopted && !this.#hasAudio)) return outcome('server-lost');
    if (this.#verdict) return this.#verdict;
    return finalVerdict(this.#world.progress, 'completed');
  }

  get #carrierCallId(): string | null {
    return this.#world.progress.carrierCallId;
  }

  get #verdict(): Outcome | null {
    return verdictOf(this.#plan, this.#world.progress);
  }

  get #isDecided(): boolean {
    return this.#verdict !== null || this.#world.progress.terminal !== null;
  }

  get #isAnswered(): boolean {
    return this.#world.progress.answeredAtMs !== null;
  }

  get #hasAudio(): boolean {
    return this.#world.progress.streams.length > 0;
  }
}
