import { CallError } from '../call-error.ts';
import type { CallActivities } from '../world.ts';
import { afterUnless, type Clock } from './clock.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** What is no passing trouble is given up after so many attempts, about two minutes. */
const MOST_ATTEMPTS = 18;

export type Failed = (activity: keyof CallActivities, error: unknown) => void;

/**
 * Repeats what has to work until it does. Once stopped it begins nothing more, and what is under way
 * is not answered any more.
 */
export class Persistence {
  readonly #clock: Clock;
  readonly #stopped: AbortSignal;
  readonly #failed: Failed;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(clock: Clock, stopped: AbortSignal, failed: Failed) {
    this.#clock = clock;
    this.#stopped = stopped;
    this.#failed = failed;
  }

  wrap(activities: CallActivities): CallActivities {
    const { begin, turn, dial, find, lookUp, hangUp, note, settle } = activities;
    return {
      begin: (...order) => this.#insist('begin', () => begin(...order)),
      turn: (plan) => this.#insist('turn', () => turn(plan, this.#stopped)),
      dial: (...order) => this.#once('dial', () => dial(...order)),
      find: (...order) => this.#once('find', () => find(...order)),
      lookUp: (...order) => this.#once('lookUp', () => lookUp(...order)),
      hangUp: (...order) => this.#once('hangUp', () => hangUp(...order)),
      note: (...news) => this.#insist('note', () => note(...news)),
      settle: (...end) => this.#insist('settle', () => settle(...end)),
    };
  }

  /** Resolves once nothing is under way any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #insist<T>(name: keyof CallActivities, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1, waitMs = FIRST_WAIT_MS; ; attempt++) {
      try {
        return await this.#once(name, work);
      } catch (error) {
        const passes = error instanceof CallError && error.retryable;
        if (!passes && attempt >= MOST_ATTEMPTS) throw error;
      }
      await this.#pause(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  #once<T>(name: keyof CallActivities, work: () => Promise<T>): Promise<T> {
    if (this.#stopped.aborted) return new Promise(() => {});
    const working = work().finally(() => this.#underWay.delete(working));
    // Who waits for a turn has done nothing yet.
    if (name !== 'turn') this.#underWay.add(working);
    return new Promise((resolve, reject) => {
      working.then(
        (result) => {
          if (!this.#stopped.aborted) resolve(result);
        },
        (error: unknown) => {
          if (this.#stopped.aborted) return;
          this.#failed(name, error);
          reject(error);
        },
      );
    });
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => afterUnless(this.#stopped, this.#clock, delayMs, resolve));
  }
}
