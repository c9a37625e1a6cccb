import {
  type CallActivities,
  type CallProgress,
  type CallReport,
  merge,
  NO_PROGRESS,
  type World,
} from '@earshot/calls';
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { hostedActivities } from './hosted-activities.ts';

/** A call's world as a workflow has it: time, waiting and activities are Temporal's, and are replayed. */
export class CallWorld implements World {
  readonly activities: CallActivities = hostedActivities();
  readonly #onNews: (progress: CallProgress) => void;
  #progress: CallProgress;

  /** `onNews` is called whenever the progress has changed. */
  constructor(carrierCallId: string | null, onNews: (progress: CallProgress) => void) {
    this.#progress = { ...NO_PROGRESS, carrierCallId };
    this.#onNews = onNews;
  }

  get progress(): CallProgress {
    return this.#progress;
  }

  learn(report: CallReport): void {
    const progress = merge(this.#progress, report);
    if (JSON.stringify(progress) === JSON.stringify(this.#progress)) return;
    this.#progress = progress;
    this.#onNews(progress);
  }

  now(): number {
    return Date.now();
  }

  until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    return condition(holds, timeoutMs);
  }

  uncancellable<T>(work: () => Promise<T>): Promise<T> {
    return CancellationScope.nonCancellable(work);
  }

  isCancellation(error: unknown): boolean {
    return isCancellation(error);
  }
}
