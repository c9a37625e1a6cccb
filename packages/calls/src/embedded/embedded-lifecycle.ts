import type { Call, CallPlan } from '../call.ts';
import { CallError } from '../call-error.ts';
import type { CallStore } from '../call-store.ts';
import type { CallLifecycle, LifecycleState } from '../lifecycle.ts';
import type { Outcome } from '../outcome.ts';
import { type CallProgress, NO_PROGRESS, progressOf } from '../progress.ts';
import type { CallReport } from '../report.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from '../script-limits.ts';
import type { CallActivities } from '../world.ts';
import { afterUnless, type Clock, SYSTEM_CLOCK } from './clock.ts';
import { HostedCall } from './hosted-call.ts';
import { type Failed, Persistence } from './persistence.ts';

export interface EmbeddedOptions {
  readonly activities: CallActivities;
  readonly store: CallStore;
  readonly limits?: ScriptLimits;
  readonly clock?: Clock;
  /** Calls that may live, or wait for their record to be kept, at once. */
  readonly maxCalls?: number;
  /** Told of each attempt that failed; for logs and counters. */
  readonly failed?: Failed;
}

/** Ends that are remembered, so that a late start of an ended call begins nothing. */
const MOST_ENDED = 1_000;
/** Adopted calls are looked up one after the other: the carrier takes only so much at once. */
const ADOPTION_MS = 25;

/**
 * Hosts the scripts of calls in this process. What outlives the process is their rows: at the next
 * start `adopt` takes over the calls that were open. It holds every call of its store, so that there
 * must be one such host to a database.
 */
export class EmbeddedLifecycle implements CallLifecycle, AsyncDisposable {
  readonly #activities: CallActivities;
  readonly #begin: CallActivities['begin'];
  readonly #store: CallStore;
  readonly #limits: ScriptLimits;
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #persistence: Persistence;
  readonly #stop = new AbortController();
  readonly #calls = new Map<string, HostedCall>();
  readonly #ended = new Set<string>();

  constructor(options: EmbeddedOptions) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#store = options.store;
    this.#begin = options.activities.begin;
    this.#limits = options.limits ?? SCRIPT_LIMITS;
    this.#maxCalls = options.maxCalls ?? 10_000;
    const failed = options.failed ?? (() => {});
    this.#persistence = new Persistence(this.#clock, this.#stop.signal, failed);
    this.#activities = this.#persistence.wrap(options.activities);
  }

  /** Calls that live, or whose record is still to be kept. */
  get size(): number {
    return this.#calls.size;
  }

  async start(plan: CallPlan, carrierCallId: string | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#calls.has(plan.id) || this.#ended.has(plan.id)) return;
    if (this.#stop.signal.aborted || this.#calls.size >= this.#maxCalls)
      throw new CallError('lifecycle-unavailable', 'No more calls are taken here now');
    // What an inbound call is told waits for no database; nobody waits for an outbound one yet.
    const call = this.#host(plan, { ...NO_PROGRESS, carrierCallId });
    if (plan.direction === 'inbound') this.#run(call, false);
    else await this.#order(call);
  }

  async report(callId: string, report: CallReport, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const call = this.#calls.get(callId);
    if (!call?.hear(report)) throw notFound();
  }

  async state(callId: string, signal: AbortSignal): Promise<LifecycleState | null> {
    signal.throwIfAborted();
    const hosted = this.#calls.get(callId);
    if (hosted) return hosted.state;
    const call = await this.#store.find(callId);
    return call && { phase: call.phase, carrierCallId: call.carrierCallId, outcome: call.outcome };
  }

  async outcome(callId: string, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    const hosted = this.#calls.get(callId);
    if (hosted) return hosted.ended(AbortSignal.any([signal, this.#stop.signal]));
    const call = await this.#store.find(callId);
    if (!call?.outcome) throw notFound();
    return call.outcome;
  }

  /**
   * Takes over the calls that were open when the process that held them ended: those that the
   * carrier still has go on, the others are settled. Resolves with their number once reports of all
   * of them are taken; to be called before anything else is started. Rejects with the store's
   * failure.
   */
  async adopt(signal: AbortSignal): Promise<number> {
    const open = await this.#store.open();
    signal.throwIfAborted();
    const orphans = open.filter(({ id }) => !this.#calls.has(id));
    for (const [index, orphan] of orphans.entries()) {
      const call = this.#host(planOf(orphan), progressOf(orphan));
      const run = () => this.#run(call, true);
      afterUnless(this.#stop.signal, this.#clock, index * ADOPTION_MS, run);
    }
    return orphans.length;
  }

  /** Leaves all calls as they are, to be adopted at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new CallError('lifecycle-unavailable', 'The server is stopping'));
    for (const call of this.#calls.values()) call.stop();
    this.#calls.clear();
    await this.#persistence.idle();
  }

  /** From here on reports of it are taken. */
  #host(plan: CallPlan, progress: CallProgress): HostedCall {
    const call = new HostedCall(plan, progress, this.#activities, this.#clock);
    this.#calls.set(plan.id, call);
    return call;
  }

  /** Of an outbound call nothing is begun before its row is there. */
  async #order(call: HostedCall): Promise<void> {
    const { plan } = call;
    try {
      const first = await this.#begin(plan, null, this.#clock.now());
      const known = first ? null : await this.#store.find(plan.id);
      if (known?.phase === 'ended') return this.#forget(plan.id);
      if (known?.carrierCallId) call.recall(known.carrierCallId);
      this.#run(call, !first, first);
    } catch (cause) {
      this.#calls.delete(plan.id);
      throw new CallError('lifecycle-unavailable', 'The call could not be kept', { cause });
    }
  }

  #run(call: HostedCall, adopted: boolean, begun?: boolean): void {
    if (this.#stop.signal.aborted) return;
    const over = call.run({ limits: this.#limits, adopted }, begun);
    void over.finally(() => this.#forget(call.plan.id));
  }

  #forget(callId: string): void {
    this.#calls.delete(callId);
    this.#ended.add(callId);
    const [oldest] = this.#ended;
    if (oldest !== undefined && this.#ended.size > MOST_ENDED) this.#ended.delete(oldest);
  }
}

function notFound(): CallError {
  return new CallError('call-not-found', 'There is no such call, or it is over');
}

function planOf(call: Call): CallPlan {
  const { id, direction, to, from, receptionistId, greeting, systemPrompt, agent } = call;
  const { maxDurationMs, ringTimeoutMs, machineDetection, record, vadConfig, metadata } = call;
  return {
    ...{ id, direction, to, from, receptionistId, greeting, systemPrompt, agent },
    ...{ maxDurationMs, ringTimeoutMs, machineDetection, record, vadConfig, metadata },
  };
}
