import {
  CallError,
  type CallLifecycle,
  type CallPlan,
  type CallReport,
  type LifecycleState,
  type Outcome,
  outcome,
  type ScriptLimits,
} from '@earshot/calls';
import {
  Connection,
  WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CALL_WORKFLOW, reportSignal, STATE_MEMO, stateQuery } from './call-messages.ts';
import { keptState } from './kept-state.ts';
import { pause } from './pause.ts';
import { connectionOptions, dataConverter, type TemporalAddress } from './temporal-address.ts';
import { callErrorOf, isAway } from './temporal-failure.ts';

/** Whoever asks waits no longer for Temporal; a user's request hangs on it. */
const ANSWER_MS = 5_000;
/** A worker that lives answers in milliseconds. */
const QUERY_MS = 1_500;
/** Temporal holds a question for an end for some twenty seconds. */
const WAIT_MS = 60_000;
const PAUSE_MS = 250;

/** Left to itself the channel waits up to two minutes before it tries again. */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

/**
 * Hosts calls on Temporal: each call is a workflow of its own, by the call's id. It connects when it
 * is first asked, so that the server starts, and live calls go on, while Temporal is away.
 */
export class TemporalLifecycle implements CallLifecycle, AsyncDisposable {
  readonly #connection: Connection;
  readonly #workflows: WorkflowClient;
  readonly #address: TemporalAddress;

  readonly #limits: ScriptLimits | null;
  readonly #closing = new AbortController();

  /** Opens no connection yet. Throws when a payload key is none. `limits`: the script's own unless given. */
  constructor(address: TemporalAddress, limits: ScriptLimits | null = null) {
    const dataConverterOptions = dataConverter(address);
    this.#address = address;
    this.#limits = limits;
    this.#connection = Connection.lazy({
      ...connectionOptions(address),
      channelArgs: CHANNEL,
      // The library's own would try again after the connection was closed, and end the process.
      interceptors: [],
    });
    this.#workflows = new WorkflowClient({
      connection: this.#connection,
      namespace: address.namespace,
      dataConverter: dataConverterOptions,
    });
  }

  async start(plan: CallPlan, carrierCallId: string | null, signal: AbortSignal): Promise<void> {
    const state: LifecycleState = { phase: 'queued', carrierCallId, outcome: null };
    const begin = () =>
      this.#workflows.start(CALL_WORKFLOW, {
        workflowId: plan.id,
        taskQueue: this.#address.taskQueue,
        args: [plan, carrierCallId, this.#limits],
        memo: { [STATE_MEMO]: state },
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
    try {
      await this.#ask(begin, ANSWER_MS, signal);
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      // The answer may be what was lost.
      if (!(await this.#exists(plan.id, signal))) throw callErrorOf(error);
    }
  }

  async report(callId: string, report: CallReport, signal: AbortSignal): Promise<void> {
    const call = this.#workflows.getHandle(callId);
    try {
      await this.#ask(() => call.signal(reportSignal, report), ANSWER_MS, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw callErrorOf(error);
    }
  }

  /** Asks the workflow; without a worker that answers in time, how it stood when it last ran. */
  async state(callId: string, signal: AbortSignal): Promise<LifecycleState | null> {
    const call = this.#workflows.getHandle(callId);
    try {
      const description = await this.#ask(() => call.describe(), ANSWER_MS, signal);
      if (description.status.name !== 'RUNNING') return keptState(description);
      return await this.#ask(() => call.query(stateQuery), QUERY_MS, signal).catch(() => {
        signal.throwIfAborted();
        return keptState(description);
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WorkflowNotFoundError) return null;
      throw callErrorOf(error);
    }
  }

  async outcome(callId: string, signal: AbortSignal): Promise<Outcome> {
    const call = this.#workflows.getHandle(callId);
    for (;;) {
      try {
        return (await this.#ask(() => call.result(), WAIT_MS, signal)) as Outcome;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof WorkflowFailedError) return outcome('internal-error');
        if (!isAway(error)) throw callErrorOf(error);
      }
      await pause(PAUSE_MS, signal);
    }
  }

  /** Null when Temporal can be asked and knows our namespace, else why not. */
  async failure(signal: AbortSignal): Promise<CallError | null> {
    const { namespace } = this.#address;
    const { workflowService } = this.#connection;
    try {
      await this.#ask(() => workflowService.describeNamespace({ namespace }), QUERY_MS, signal);
      return null;
    } catch (error) {
      signal.throwIfAborted();
      return callErrorOf(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new CallError('lifecycle-unavailable', 'The server is stopping'));
    await this.#connection.close();
  }

  async #exists(callId: string, signal: AbortSignal): Promise<boolean> {
    const call = this.#workflows.getHandle(callId);
    const description = await this.#ask(() => call.describe(), QUERY_MS, signal).catch(() => {
      signal.throwIfAborted();
      return null;
    });
    return description !== null;
  }

  /** Asks again while Temporal is away, as long as there is time. */
  async #ask<T>(work: () => Promise<T>, withinMs: number, signal: AbortSignal): Promise<T> {
    // Requests leave their listeners on the signal that they are given.
    const own = AbortSignal.any([signal, this.#closing.signal]);
    const endMs = Date.now() + withinMs;
    for (;;) {
      own.throwIfAborted();
      try {
        const timed = () => this.#connection.withDeadline(endMs, work);
        return await this.#connection.withAbortSignal(own, timed);
      } catch (error) {
        own.throwIfAborted();
        if (!isAway(error) || Date.now() + PAUSE_MS >= endMs) throw error;
      }
      await pause(PAUSE_MS, own);
    }
  }
}
