import { CallError } from '../call-error.ts';
import type { CallActivities } from '../world.ts';
import { afterUnless, type Clock } from './clock.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** What is no passing trouble is given up after so many attempts, about two minutes. */
const MOST_ATTEMPTS = 18;

/** What may have to be tried again: a call's activities, and the steps by which hosts share a store. */
type Step = keyof CallActivities | 'beat' | 'take' | 'leave';

export type Failed = (step: Step, error: unknown) => void;

/**
 * Repeats what has to work until it does. For whoever is stopped it begins nothing more, and what is
 * under way is not answered any more.
 */
export class Persistence {
  readonly #clock: Clock;
  readonly #failed: Failed;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(clock: Clock, failed: Failed) {
    this.#clock = clock;
    this.#failed = failed;
  }

  wrap(activities: CallActivities, stopped: AbortSignal): CallActivities {
    const { begin, turn, dial, find, lookUp, hangUp, note, settle } = activities;
    const insist = <T>(name: keyof CallActivities, work: () => Promise<T>) =>
      this.#insist(stopped, name, work);
    const once = <T>(name: keyof CallActivities, work: () => Promise<T>) =>
      this.#once(stopped, name, work);
    return {
      begin: (...order) => insist('begin', () => begin(...order)),
      turn: (plan) => insist('turn', () => turn(plan, stopped)),
      dial: (...order) => once('dial', () => dial(...order)),
      find: (...order) => once('find', () => find(...order)),
      lookUp: (...order) => once('lookUp', () => lookUp(...order)),
      hangUp: (...order) => once('hangUp', () => hangUp(...order)),
      note: (...news) => insist('note', () => note(...news)),
      settle: (...end) => insist('settle', () => settle(...end)),
    };
  }

  /** Resolves once nothing is under way any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #insist<T>(
    stopped: AbortSignal,
    name: keyof CallActivities,
    work: () => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1, waitMs = FIRST_WAIT_MS; ; attempt++) {
      try {
        return await this.#once(stopped, name, work);
      } catch (error) {
        const passes = error instanceof CallError && error.retryable;
        if (!passes && attempt >= MOST_ATTEMPTS) throw error;
      }
      await this.#pause(stopped, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  #once<T>(stopped: AbortSignal, name: keyof CallActivities, work: () => Promise<T>): Promise<T> {
    if (stopped.aborted) return new Promise(() => {});
    const working = work().finally(() => this.#underWay.delete(working));
    // Who waits for a turn has done nothing yet.
    if (name !== 'turn') this.#underWay.add(working);
    return new Promise((resolve, reject) => {
      working.then(
        (result) => {
          if (!stopped.aborted) resolve(result);
        },
        (error: unknown) => {
          if (stopped.aborted) return;
          this.#failed(name, error);
          reject(error);
        },
      );
    });
  }

  #pause(stopped: AbortSignal, delayMs: number): Promise<void> {
    return new Promise((resolve) => afterUnless(stopped, this.#clock, delayMs, resolve));
  }
}
