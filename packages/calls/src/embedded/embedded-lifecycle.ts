import type { Call, CallPlan } from '../call.ts';
import { CallError } from '../call-error.ts';
import type { CallStore } from '../call-store.ts';
import type { CallLifecycle, LifecycleState } from '../lifecycle.ts';
import { type Outcome, outcome } from '../outcome.ts';
import { type CallProgress, NO_PROGRESS, progressOf } from '../progress.ts';
import type { CallReport } from '../report.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from '../script-limits.ts';
import type { CallActivities } from '../world.ts';
import { afterUnless, type Clock, SYSTEM_CLOCK } from './clock.ts';
import { HostedCall } from './hosted-call.ts';
import { Lease, type SharedHost } from './lease.ts';
import { type Failed, Persistence } from './persistence.ts';

export interface EmbeddedOptions {
  readonly activities: CallActivities;
  readonly store: CallStore;
  readonly limits?: ScriptLimits;
  readonly clock?: Clock;
  /** Calls that may live, or wait for their record to be kept, at once. */
  readonly maxCalls?: number;
  /** This process among others on the same store; none: no other process has it. */
  readonly host?: SharedHost;
  /** Told of each attempt that failed; for logs and counters. */
  readonly failed?: Failed;
}

/** Ends that are remembered, so that a late start of an ended call begins nothing. */
const MOST_ENDED = 1_000;
/** Adopted calls are looked up one after the other: the carrier takes only so much at once. */
const ADOPTION_MS = 25;
/** So long after an order that failed its call is ended, unless it was ordered again. */
const UNBEGUN_MS = 60_000;

/**
 * Hosts the scripts of calls in this process. What outlives the process is their rows: `adopt` takes
 * over the calls that were open when it started. Of several processes on one store each hosts its own
 * calls, and takes over those of a process that is gone.
 */
export class EmbeddedLifecycle implements CallLifecycle, AsyncDisposable {
  readonly #activities: (stopped: AbortSignal) => CallActivities;
  readonly #begin: CallActivities['begin'];
  readonly #store: CallStore;
  readonly #limits: ScriptLimits;
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #persistence: Persistence;
  readonly #lease: Lease | null;
  readonly #stop = new AbortController();
  readonly #calls = new Map<string, HostedCall>();
  readonly #ended = new Set<string>();
  /** Outbound calls whose row is being made: whoever orders one again gets the same answer. */
  readonly #orders = new Map<string, Promise<void>>();

  constructor(options: EmbeddedOptions) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#store = options.store;
    this.#begin = options.activities.begin;
    this.#limits = options.limits ?? SCRIPT_LIMITS;
    this.#maxCalls = options.maxCalls ?? 10_000;
    const failed = options.failed ?? (() => {});
    this.#persistence = new Persistence(this.#clock, failed);
    this.#activities = (stopped) => this.#persistence.wrap(options.activities, stopped);
    this.#lease = options.host ? this.#leaseOf(options.host, failed) : null;
  }

  /** Calls that live, or whose record is still to be kept. */
  get size(): number {
    return this.#calls.size;
  }

  async start(plan: CallPlan, carrierCallId: string | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const ordered = this.#orders.get(plan.id);
    if (ordered !== undefined) return ordered;
    if (this.#calls.has(plan.id) || this.#ended.has(plan.id)) return;
    if (this.#stop.signal.aborted || this.#calls.size >= this.#maxCalls)
      throw new CallError('lifecycle-unavailable', 'No more calls are taken here now');
    // What an inbound call is told waits for no database; nobody waits for an outbound one yet.
    const call = this.#host(plan, { ...NO_PROGRESS, carrierCallId });
    if (plan.direction === 'inbound') return this.#run(call, false);
    const order = this.#order(call).finally(() => this.#orders.delete(plan.id));
    this.#orders.set(plan.id, order);
    await order;
  }

  async report(callId: string, report: CallReport, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const call = this.#calls.get(callId) ?? (await this.#fetch(callId));
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
   * of them are taken; to be called before anything else is started. Where others have the store,
   * too, calls of those that end are taken over from then on. Rejects with the store's failure.
   */
  async adopt(signal: AbortSignal): Promise<number> {
    const open = await (this.#lease?.begin() ?? this.#store.open());
    signal.throwIfAborted();
    return this.#takeOver(open);
  }

  /** Leaves all calls as they are, to be adopted at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new CallError('lifecycle-unavailable', 'The server is stopping'));
    for (const call of this.#calls.values()) call.stop();
    this.#calls.clear();
    await this.#persistence.idle();
    await this.#lease?.leave();
  }

  #leaseOf(host: SharedHost, failed: Failed): Lease {
    return new Lease({
      ...host,
      ...{ clock: this.#clock, stopped: this.#stop.signal, failed },
      held: () => [...this.#calls.keys()],
      taken: (calls) => this.#takeOver(calls),
      lost: (callIds) => {
        for (const id of callIds) this.#letGo(id);
      },
    });
  }

  #takeOver(open: readonly Call[]): number {
    if (this.#stop.signal.aborted) return 0;
    const orphans = open.filter(({ id }) => !this.#calls.has(id) && !this.#ended.has(id));
    for (const [index, orphan] of orphans.entries()) {
      const call = this.#host(planOf(orphan), progressOf(orphan));
      const run = () => this.#run(call, true);
      afterUnless(this.#stop.signal, this.#clock, index * ADOPTION_MS, run);
    }
    return orphans.length;
  }

  /** Another process hosts it now: here it just stops. */
  #letGo(callId: string): void {
    this.#calls.get(callId)?.stop();
    this.#calls.delete(callId);
  }

  /** A call of which something is told here, and whose host is gone, is ours from now on. */
  async #fetch(callId: string): Promise<HostedCall | null> {
    if (!this.#lease || this.#ended.has(callId)) return null;
    const taken = await this.#lease.takeOne(callId);
    if (taken) this.#takeOver([taken]);
    const hosted = this.#calls.get(callId);
    if (hosted) return hosted;
    const call = await this.#store.find(callId);
    if (call && call.phase !== 'ended')
      throw new CallError('lifecycle-unavailable', 'Another process hosts the call');
    return null;
  }

  /** From here on reports of it are taken. */
  #host(plan: CallPlan, progress: CallProgress): HostedCall {
    const parts = { clock: this.#clock, activities: this.#activities, lease: this.#lease };
    const call = new HostedCall(plan, progress, parts);
    this.#calls.set(plan.id, call);
    return call;
  }

  /** Of an outbound call nothing is begun before its row is there. */
  async #order(call: HostedCall): Promise<void> {
    const { plan } = call;
    try {
      const first = await this.#begin(plan, null, this.#clock.now());
      // It may have been ordered from another process, too.
      if (this.#lease && !(await this.#lease.secure(plan.id))) return this.#letGo(plan.id);
      const known = first ? null : await this.#store.find(plan.id);
      if (known?.phase === 'ended') return this.#forget(plan.id);
      if (known?.carrierCallId) call.recall(known.carrierCallId);
      this.#run(call, !first, first);
    } catch (cause) {
      this.#calls.delete(plan.id);
      this.#endUnbegun(plan);
      throw new CallError('lifecycle-unavailable', 'The call could not be kept', { cause });
    }
  }

  /** Its row may be there all the same, and nobody else would end it. */
  #endUnbegun(plan: CallPlan): void {
    const { signal } = this.#stop;
    const end = () => {
      if (this.#calls.has(plan.id) || this.#ended.has(plan.id)) return;
      const { settle } = this.#activities(signal);
      settle(plan, outcome('not-dialled'), this.#clock.now()).catch(() => {});
    };
    afterUnless(signal, this.#clock, UNBEGUN_MS, end);
  }

  #run(call: HostedCall, adopted: boolean, begun?: boolean): void {
    if (this.#stop.signal.aborted || this.#calls.get(call.plan.id) !== call) return;
    const over = call.run({ limits: this.#limits, adopted }, begun);
    void over.finally(() => {
      // One that was let go may be hosted here anew.
      if (this.#calls.get(call.plan.id) === call) this.#forget(call.plan.id);
    });
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
