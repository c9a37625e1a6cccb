import type { CallPlan } from './call.ts';
import type { CallRecord } from './call-record.ts';
import type { CarrierCall, CarrierStatus } from './carrier.ts';
import type { World } from './world.ts';

/** How a script follows its call: it waits for reports, keeps them, and asks the carrier when none come. */
export class Following {
  readonly #plan: CallPlan;
  readonly #world: World;
  readonly #record: CallRecord;

  constructor(plan: CallPlan, world: World, record: CallRecord) {
    this.#plan = plan;
    this.#world = world;
    this.#record = record;
  }

  /** Waits as `until` does, and asks the carrier each `everyMs`, the last time at the end. */
  async watch(condition: () => boolean, timeoutMs: number, everyMs: number): Promise<boolean> {
    const endMs = this.#world.now() + timeoutMs;
    for (;;) {
      const leftMs = endMs - this.#world.now();
      if (await this.until(condition, Math.max(0, Math.min(leftMs, everyMs)))) return true;
      await this.lookUp();
      if (condition()) return true;
      if (this.#world.now() >= endMs) return false;
    }
  }

  /** Waits for the condition and keeps what happens on the way. */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const endMs = this.#world.now() + timeoutMs;
    for (;;) {
      const seen = this.#world.progress;
      this.#record.note(seen);
      if (condition()) return true;
      const leftMs = endMs - this.#world.now();
      if (leftMs <= 0) return false;
      await this.#world.until(() => this.#world.progress !== seen, leftMs);
    }
  }

  /** Asks how the call stands. A carrier that cannot be asked tells nothing new. */
  async lookUp(): Promise<void> {
    const { carrierCallId } = this.#world.progress;
    if (carrierCallId === null) return;
    this.#learnFrom(await this.#world.activities.lookUp(carrierCallId).catch(() => null));
  }

  async find(): Promise<void> {
    this.#learnFrom(await this.#world.activities.find(this.#plan).catch(() => null));
  }

  learn(carrierCallId: string, status: CarrierStatus, atMs = this.#world.now()): void {
    this.#world.learn({ type: 'carrier', carrierCallId, status, sequence: null, atMs });
  }

  #learnFrom(call: CarrierCall | null): void {
    if (!call) return;
    this.learn(call.carrierCallId, call.status, call.endedAtMs ?? this.#world.now());
    const { answeredBy } = call;
    if (answeredBy) this.#world.learn({ type: 'answered-by', answeredBy });
  }
}
