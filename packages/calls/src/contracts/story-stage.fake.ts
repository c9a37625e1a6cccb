import { callActivities } from '../call-activities.ts';
import { CallError } from '../call-error.ts';
import type { CallStore } from '../call-store.ts';
import type { Clock } from '../embedded/clock.ts';
import type { HostStore } from '../host-store.ts';
import type { CallLifecycle, LifeEvent } from '../lifecycle.ts';
import { MemoryCallStore } from '../memory/memory-call-store.ts';
import { MemoryHostStore } from '../memory/memory-host-store.ts';
import type { CallReport } from '../report.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from '../script-limits.ts';
import type { CallActivities } from '../world.ts';
import { SimulatedAudio } from './simulated-audio.fake.ts';
import { SimulatedCarrier } from './simulated-carrier.fake.ts';

/** Where a story is played: on a virtual clock or on a real one, which then has small limits. */
export interface StoryStage {
  readonly clock: Clock;
  readonly limits: ScriptLimits;
  /** A lifecycle whose scripts use these activities and these limits, and nothing else. */
  host(activities: CallActivities, parts: StoryParts): Promise<StoryHost>;
  /** Resolves once the condition holds: sets off the alarms of a virtual clock, or waits for the real one. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

export interface StoryHost extends AsyncDisposable {
  readonly lifecycle: CallLifecycle;
}

/** The script's limits on a faster clock: `scale` 0.02 makes a second 20 ms. */
export function scaledLimits(scale: number): ScriptLimits {
  const scaled = Object.entries(SCRIPT_LIMITS).map(([name, ms]: [string, unknown]) => [
    name,
    Array.isArray(ms) ? ms.map((each) => each * scale) : Number(ms) * scale,
  ]);
  return Object.fromEntries(scaled);
}

/** Waits on the real clock. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error('It never came to that');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All that a story needs besides the lifecycle. */
export class StoryParts implements Disposable {
  readonly carrier: SimulatedCarrier;
  readonly audio: SimulatedAudio;
  readonly store: CallStore;
  /** Who hosts which call, where several do. */
  readonly hosts: HostStore;
  /** What was announced. */
  readonly told: LifeEvent[] = [];
  /** Sessions that were forgotten. */
  readonly sessionsEnded: string[] = [];
  /** Reports that were not taken, other than of calls that are over. */
  readonly failures: unknown[] = [];
  readonly activities: CallActivities;
  /** Nothing can be kept. */
  storeIsDown = false;
  /** No call gets its turn. */
  queueIsHeld = false;
  readonly #alarms: Alarms;
  #lifecycle: CallLifecycle | null = null;

  constructor(clock: Clock) {
    this.#alarms = new Alarms(clock);
    const report = (callId: string, told: CallReport) => this.report(callId, told);
    this.carrier = new SimulatedCarrier(this.#alarms);
    this.audio = new SimulatedAudio(this.#alarms, report);
    this.carrier.connect(report, this.audio);
    const [calls, now] = [new MemoryCallStore(), () => clock.now()];
    this.store = unreliable<CallStore>(calls, () => this.storeIsDown);
    this.hosts = unreliable<HostStore>(new MemoryHostStore(calls, now), () => this.storeIsDown);
    this.activities = this.activitiesOf();
  }

  /** What the script of a call does that `host` has. */
  activitiesOf(host?: string): CallActivities {
    return callActivities({
      ...{ carrier: this.carrier, store: this.store, now: () => this.#alarms.now() },
      ...(host !== undefined && { host }),
      sessions: { end: async (callId) => void this.sessionsEnded.push(callId) },
      queue: { turn: () => this.#turn() },
      announce: (event) => void this.told.push(event),
    });
  }

  connect(lifecycle: CallLifecycle): void {
    this.#lifecycle = lifecycle;
  }

  report(callId: string, report: CallReport): void {
    const { signal } = new AbortController();
    this.#lifecycle?.report(callId, report, signal).catch((error: unknown) => {
      const isOver = error instanceof CallError && error.code === 'call-not-found';
      if (!isOver) this.failures.push(error);
    });
  }

  [Symbol.dispose](): void {
    this.#lifecycle = null;
    this.#alarms[Symbol.dispose]();
  }

  async #turn(): Promise<void> {
    while (this.queueIsHeld) await new Promise<void>((resolve) => this.#alarms.after(10, resolve));
  }
}

/** Alarms of one story, that end with it. */
class Alarms implements Clock, Disposable {
  readonly #clock: Clock;
  readonly #set = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const callOff = this.#clock.after(delayMs, () => {
      this.#set.delete(callOff);
      action();
    });
    this.#set.add(callOff);
    return callOff;
  }

  [Symbol.dispose](): void {
    for (const callOff of this.#set) callOff();
    this.#set.clear();
  }
}

/** Its methods reject while it is down. */
export function unreliable<T extends object>(store: T, isDown: () => boolean): T {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...order: unknown[]) => {
        if (isDown()) throw new CallError('store-unavailable', 'The store is down');
        return member.apply(target, order);
      };
    },
  });
}
