import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Entry, Spool } from './spool.ts';

/** `retry`: for as long as it takes. `doubt`: a few times. `drop`: nobody wants it any more. */
export type Judgement = 'retry' | 'doubt' | 'drop';

export interface CourierOptions<T extends Entry> {
  readonly spool: Spool<T>;
  /** Delivers entries of one call, in their order. They may have been delivered before. */
  readonly deliver: (callId: string, entries: readonly T[], signal: AbortSignal) => Promise<void>;
  readonly judge: (error: unknown) => Judgement;
  readonly log: Logger;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long a courier that is closed tries to deliver the rest. Default 3 s. */
  readonly lastTryMs?: number;
}

/** A receiver that does not answer within this time has not taken it. */
const TIMEOUT_MS = 10_000;
/** Entries that wait in memory for their first delivery; more go to the spool at once. */
const MOST_WAITING = 10_000;
const MOST_AT_ONCE = 8;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** So often is delivered what the receiver does not like, but might. */
const MOST_DOUBTS = 10;
/** So often is delivered what is not taken while others are: some eight minutes. */
const MOST_STUCK = 100;

/**
 * Carries entries to a receiver that may be away, off the path of whoever sends them: in the order of
 * each call, again until they are taken, from the spool when that lasts, also after a restart.
 */
export class Courier<T extends Entry> implements AsyncDisposable {
  readonly #options: CourierOptions<T>;
  readonly #stop = new AbortController();
  /** By call, what waits for its first delivery. */
  readonly #lanes = new Map<string, T[]>();
  readonly #running = new Set<Promise<void>>();
  #waiting = 0;
  #replaying: Promise<void> | null = null;
  /** Of the batch that is replayed. */
  readonly #givenUp: T[] = [];
  #away = false;
  readonly counts = { sent: 0, delivered: 0, spooled: 0, dropped: 0 };

  constructor(options: CourierOptions<T>) {
    this.#options = options;
    this.#replay();
  }

  /** Never waits and never throws. */
  send(entry: T): void {
    this.counts.sent += 1;
    const lane = this.#lanes.get(entry.callId);
    if (lane && this.#waiting >= MOST_WAITING) this.#run(this.#keep([entry]));
    else {
      this.#waiting += 1;
      if (lane) lane.push(entry);
      else this.#begin(entry);
    }
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#running.size > 0 || this.#replaying !== null)
      await Promise.all([...this.#running, this.#replaying]);
  }

  /** Tries once more; the rest is left in the spool. */
  async [Symbol.asyncDispose](): Promise<void> {
    const late = setTimeout(() => this.#stop.abort(), this.#options.lastTryMs ?? 3_000);
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(late);
    this.#stop.abort();
    await this.#replaying;
  }

  #begin(entry: T): void {
    this.#lanes.set(entry.callId, [entry]);
    this.#run(this.#serve(entry.callId));
  }

  #run(work: Promise<void>): void {
    const running = work.then(() => void this.#running.delete(running));
    this.#running.add(running);
  }

  async #serve(callId: string): Promise<void> {
    // Whoever sends several entries in one go has them delivered together.
    await Promise.resolve();
    for (;;) {
      const entries = this.#lanes.get(callId)?.splice(0) ?? [];
      this.#waiting -= entries.length;
      if (entries.length === 0) break;
      if (this.#options.spool.holds(callId) || this.#stop.signal.aborted) await this.#keep(entries);
      else if ((await this.#deliver(callId, entries)) !== 'done') await this.#keep(entries);
    }
    this.#lanes.delete(callId);
  }

  async #keep(entries: readonly T[]): Promise<void> {
    this.counts.spooled += entries.length;
    await this.#options.spool.add(entries);
    this.#replay();
  }

  #replay(): void {
    if (this.#stop.signal.aborted || this.#options.spool.isEmpty) return;
    this.#replaying ??= this.#replayAll().finally(() => {
      this.#replaying = null;
      this.#replay();
    });
  }

  async #replayAll(): Promise<void> {
    const { spool } = this.#options;
    for (let batch = await spool.oldest(); batch !== null; batch = await spool.oldest()) {
      if (batch === 'unreadable') await this.#pause(LONGEST_WAIT_MS);
      else await this.#replayBatch(byCall(batch.entries));
      if (this.#stop.signal.aborted) return;
      if (batch !== 'unreadable') await batch.done(this.#givenUp.splice(0));
    }
  }

  /** Until all of it is delivered or given up, or the process stops. */
  async #replayBatch(batch: Map<string, T[]>): Promise<void> {
    let left = batch;
    let stuck = 0;
    for (let round = 0; left.size > 0; round++) {
      const before = this.counts.delivered;
      await this.#pause(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** round));
      if (this.#stop.signal.aborted) return;
      left = await this.#round(left, round);
      // Others are taken meanwhile: these are refused, whatever the receiver says.
      if (this.counts.delivered > before) stuck += 1;
      if (stuck < MOST_STUCK) continue;
      for (const [callId, entries] of left) this.#giveUp(callId, entries, 'stuck');
      return;
    }
  }

  /** Delivers what is left of a batch and returns what is still left. */
  async #round(left: Map<string, T[]>, round: number): Promise<Map<string, T[]>> {
    const still = new Map<string, T[]>();
    const calls = [...left];
    const work = Array.from({ length: MOST_AT_ONCE }, async () => {
      for (let next = calls.shift(); next; next = calls.shift()) {
        const [callId, entries] = next;
        const result = await this.#deliver(callId, entries);
        if (result === 'retry' || (result === 'doubt' && round < MOST_DOUBTS))
          still.set(callId, entries);
        else if (result === 'doubt') this.#giveUp(callId, entries, 'refused again and again');
      }
    });
    await Promise.all(work);
    return still;
  }

  async #deliver(callId: string, entries: readonly T[]): Promise<'done' | 'retry' | 'doubt'> {
    const { deliver, judge, log } = this.#options;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      await until(deliver(callId, entries, signal), signal);
      this.counts.delivered += entries.length;
      if (this.#away) log.info('deliveries go on');
      this.#away = false;
      return 'done';
    } catch (error) {
      const judgement = this.#stop.signal.aborted || signal.aborted ? 'retry' : judge(error);
      if (judgement === 'drop') {
        this.counts.dropped += entries.length;
        log.debug({ callId, entries: entries.length }, 'entries dropped');
        return 'done';
      }
      // One call that is not taken says nothing of the receiver.
      if (judgement === 'retry' && !this.#away) log.warn({ err: error }, 'deliveries wait');
      this.#away ||= judgement === 'retry';
      return judgement;
    }
  }

  /** Somebody waits for these and will not get them: the spool sets them aside. */
  #giveUp(callId: string, entries: readonly T[], why: string): void {
    this.counts.dropped += entries.length;
    this.#givenUp.push(...entries);
    this.#options.log.error({ callId, entries: entries.length, why }, 'entries given up');
  }

  async #pause(ms: number): Promise<void> {
    const { wait = pause } = this.#options;
    await wait(ms, this.#stop.signal);
  }
}

function byCall<T extends Entry>(entries: readonly T[]): Map<string, T[]> {
  return Map.groupBy(entries, ({ callId }) => callId);
}

/** Ends with the signal, whether the work does or not. */
async function until(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Late failures of work that was given up are nobody's.
    aborted.promise.catch(() => {});
    work.catch(() => {});
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => {});
}
