import type { CallPlan } from './call.ts';
import type { CallProgressNote } from './call-store.ts';
import type { CarrierCall } from './carrier.ts';
import { type Outcome, outcome } from './outcome.ts';
import { phaseOf } from './progress.ts';
import { finalVerdict, lastEnding, streamLives, verdictOf } from './verdict.ts';
import type { World } from './world.ts';

/** The carrier's own limit may act a little late. */
const RING_MARGIN_MS = 10_000;
/** After an unclear dial the carrier is asked this often: new calls show up late there. */
const FIND_AFTER_MS = [2_000, 3_000, 5_000, 10_000, 20_000] as const;
/** From the answer to the first audio. */
const MEDIA_TIMEOUT_MS = 20_000;
/** A lost stream is brought back by the carrier within this time, or not at all. */
const BACK_TIMEOUT_MS = 15_000;
/** Beyond the agent's own farewell at the maximum duration. */
const FAREWELL_MS = 30_000;
/** How long the carrier's word that a call is over waits for what the holder of its audio has to tell. */
const LAST_WORDS_MS = 5_000;
/** A live call of which nothing is heard is looked up this often. */
const LOOK_UP_EVERY_MS = 60_000;

/**
 * The life of one call, from its order to its one outcome. It is pure: all it knows comes from the
 * world's progress, and all it does goes through the world's activities, so that it can be hosted
 * durably and be replayed. Begun again for a call that was open, it dials no second time.
 */
export async function runCall(plan: CallPlan, world: World): Promise<Outcome> {
  const life = new Life(plan, world);
  let end: Outcome;
  try {
    end = await life.run();
  } catch (error) {
    end = outcome(world.isCancellation(error) ? 'terminated' : 'internal-error');
  }
  return world.uncancellable(() => life.end(end));
}

class Life {
  readonly #plan: CallPlan;
  readonly #world: World;
  #noted: CallProgressNote = {};
  /** There may be a call at the carrier whose id we do not know. */
  #unclear = false;

  constructor(plan: CallPlan, world: World) {
    this.#plan = plan;
    this.#world = world;
  }

  async run(): Promise<Outcome> {
    const first = await this.#world.activities.begin(this.#plan, this.#carrierCallId);
    if (this.#plan.direction === 'outbound') {
      const unanswered = (await this.#place(first)) ?? (await this.#ring());
      if (unanswered) return unanswered;
    }
    return (await this.#connect()) ?? (await this.#talk());
  }

  /** The phone leg is ended before the outcome is kept: nothing is left ringing. */
  async end(end: Outcome): Promise<Outcome> {
    const { activities } = this.#world;
    if (this.#unclear) await this.#locate();
    const carrierCallId = this.#carrierCallId;
    if (carrierCallId !== null && this.#world.progress.terminal === null)
      await activities.hangUp(carrierCallId).catch(() => {});
    await this.#note();
    await activities.settle(this.#plan, end, this.#world.now());
    return end;
  }

  get #carrierCallId(): string | null {
    return this.#world.progress.carrierCallId;
  }

  /** Null once the carrier has the call; else why it has not. */
  async #place(first: boolean): Promise<Outcome | null> {
    if (first) {
      if (this.#world.progress.terminatedAtMs !== null) return outcome('canceled');
      this.#unclear = true;
      const result = await this.#world.activities.dial(this.#plan);
      if (result.type !== 'ambiguous') this.#unclear = false;
      if (result.type === 'failed') return outcome(result.reason);
      if (result.type === 'dialled') this.#learn(result.carrierCallId, 'queued');
    }
    if (this.#carrierCallId === null) await this.#locate();
    return this.#carrierCallId === null ? outcome('dial-unknown') : null;
  }

  /** Looks for the call that a dial of ours may have led to. A report of the carrier tells, too. */
  async #locate(): Promise<void> {
    for (const waitMs of FIND_AFTER_MS) {
      if (await this.#world.until(() => this.#carrierCallId !== null, waitMs)) break;
      this.#learnFrom(await this.#world.activities.find(this.#plan).catch(() => null));
    }
    this.#unclear = false;
  }

  async #ring(): Promise<Outcome | null> {
    const limitMs = this.#plan.ringTimeoutMs + RING_MARGIN_MS;
    if (await this.#follow(() => this.#isAnswered || this.#verdict !== null, limitMs))
      return this.#verdict;
    await this.#lookUp();
    return this.#isAnswered ? this.#verdict : (this.#verdict ?? outcome('no-answer'));
  }

  /** Null once there is audio. */
  async #connect(): Promise<Outcome | null> {
    const { progress } = this.#world;
    const hasAudio = () => this.#world.progress.streams.length > 0;
    if (progress.streams.length > 0) return null;
    if (await this.#follow(() => hasAudio() || this.#verdict !== null, MEDIA_TIMEOUT_MS))
      return hasAudio() ? null : this.#verdict;
    await this.#lookUp();
    return this.#verdict ?? outcome('media-never-came');
  }

  async #talk(): Promise<Outcome> {
    const { maxDurationMs } = this.#plan;
    const sinceMs = this.#world.progress.answeredAtMs ?? this.#world.now();
    const deadlineMs = sinceMs + maxDurationMs + FAREWELL_MS;
    for (;;) {
      const leftMs = deadlineMs - this.#world.now();
      if (leftMs <= 0) return this.#verdict ?? outcome('max-duration');
      const waitMs = Math.min(leftMs, LOOK_UP_EVERY_MS);
      const stopped = () => this.#verdict !== null || !streamLives(this.#world.progress);
      if (!(await this.#follow(() => stopped() || this.#isTerminal, waitMs))) await this.#lookUp();
      else {
        const end = await this.#resume();
        if (end) return end;
      }
    }
  }

  /** The audio has stopped, or the carrier says that the call is over: null when it goes on. */
  async #resume(): Promise<Outcome | null> {
    const { status } = this.#world.progress.terminal ?? {};
    if (this.#verdict) return this.#verdict;
    if (status) {
      await this.#follow(() => this.#verdict !== null, LAST_WORDS_MS);
      return this.#verdict ?? finalVerdict(this.#world.progress, status);
    }
    const ending = lastEnding(this.#world.progress);
    const limitMs = ending === 'transferring' ? LOOK_UP_EVERY_MS : BACK_TIMEOUT_MS;
    const moved = () => this.#verdict !== null || streamLives(this.#world.progress);
    if (await this.#follow(() => moved() || this.#isTerminal, limitMs)) return this.#verdict;
    await this.#lookUp();
    if (this.#verdict || this.#isTerminal || ending === 'transferring') return this.#verdict;
    return outcome(ending === 'agent-lost' ? 'agent-lost' : 'line-lost');
  }

  /** Waits for the condition and keeps what happens on the way. */
  async #follow(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const untilMs = this.#world.now() + timeoutMs;
    for (;;) {
      await this.#note();
      if (condition()) return true;
      const seen = this.#world.progress;
      const leftMs = untilMs - this.#world.now();
      if (leftMs <= 0) return false;
      if (!(await this.#world.until(() => this.#world.progress !== seen, leftMs)))
        return condition();
    }
  }

  async #note(): Promise<void> {
    const note = noteOf(this.#world.progress);
    if (JSON.stringify(note) === JSON.stringify(this.#noted)) return;
    this.#noted = note;
    await this.#world.activities.note(this.#plan, note);
  }

  async #lookUp(): Promise<void> {
    const carrierCallId = this.#carrierCallId;
    if (carrierCallId === null) return;
    this.#learnFrom(await this.#world.activities.lookUp(carrierCallId).catch(() => null));
  }

  #learnFrom(call: CarrierCall | null): void {
    if (call) this.#learn(call.carrierCallId, call.status);
  }

  #learn(carrierCallId: string, status: CarrierCall['status']): void {
    const atMs = this.#world.now();
    this.#world.learn({ type: 'carrier', carrierCallId, status, sequence: null, atMs });
  }

  get #verdict(): Outcome | null {
    return verdictOf(this.#plan, this.#world.progress);
  }

  get #isAnswered(): boolean {
    return this.#world.progress.answeredAtMs !== null;
  }

  get #isTerminal(): boolean {
    return this.#world.progress.terminal !== null;
  }
}

/** What of the progress belongs into the call's row. */
function noteOf(progress: World['progress']): CallProgressNote {
  const { carrierCallId, ringingAtMs, answeredAtMs, answeredBy } = progress;
  const phase = phaseOf({ ...progress, terminal: null });
  return {
    ...(phase !== 'ended' && { phase }),
    ...(carrierCallId !== null && { carrierCallId }),
    ...(ringingAtMs !== null && { ringingAtMs }),
    ...(answeredAtMs !== null && { answeredAtMs }),
    ...(answeredBy !== null && { answeredBy }),
  };
}
