import type { CallActivities, CallError } from '@earshot/calls';
import { NativeConnection, TransportError, Worker, type WorkflowBundle } from '@temporalio/worker';
import { turnQueueOf } from './call-messages.ts';
import { type Deployment, deploymentOptions, makeCurrent } from './deployment.ts';
import { hostedCallActivities } from './hosted-call-activities.ts';
import { pause } from './pause.ts';
import { type CallWorker, RunningWorkers } from './running-workers.ts';
import { registerSearchAttributes } from './search-attribute-registry.ts';
import { connectionOptions, dataConverter, type TemporalAddress } from './temporal-address.ts';
import { callErrorOf, isAway } from './temporal-failure.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Between two tries to reach Temporal. */
const PAUSE_MS = 1_000;
/** A worker that died is given up by its calls after this long, and another takes them. */
const STICKY_MS = 3_000;
/** Beyond the grace: then something hangs. */
const FORCE_MS = 10_000;

export interface CallWorkerOptions extends TemporalAddress {
  /** They need no queue of their own: Temporal gives out the turns to dial. */
  readonly activities: CallActivities;
  /** At once. */
  readonly maxActivities: number;
  /** Calls whose workflows are kept in memory; more are let go and replayed when they go on. */
  readonly maxWorkflows: number;
  /** Over all workers: the carrier takes one new call a second from an ordinary account. */
  readonly dialsPerSecond: number;
  /** How long activities under way may take once the worker is told to stop. */
  readonly graceMs: number;
  /** Null: this worker takes calls that were begun by any code. */
  readonly deployment: Deployment | null;
  /** Told of each failed try to reach Temporal while the worker starts. */
  readonly onAway?: (error: CallError) => void;
}

/** Waits for Temporal as long as it is away. Rejects with the signal's reason, or when Temporal refuses. */
export async function startCallWorker(
  options: CallWorkerOptions,
  signal: AbortSignal,
): Promise<CallWorker> {
  const { namespace, deployment } = options;
  const bundle = await workflowBundle();
  await using opened = new AsyncDisposableStack();
  const connection = await connect(options, signal);
  opened.defer(() => connection.close());
  const workers = await createWorkers(options, connection, bundle);
  await using started = new AsyncDisposableStack();
  const running = started.use(new RunningWorkers(workers, opened.move()));
  if (deployment?.makeCurrent) await makeCurrent(connection, namespace, deployment, signal);
  started.move();
  return running;
}

/** Resolves once Temporal can be asked and knows what our workflows show of themselves. */
async function connect(options: CallWorkerOptions, signal: AbortSignal): Promise<NativeConnection> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await connectOnce(options);
    } catch (error) {
      const failure = callErrorOf(error);
      if (!(error instanceof TransportError) && !isAway(error)) throw failure;
      options.onAway?.(failure);
    }
    await pause(PAUSE_MS, signal);
  }
}

async function connectOnce(options: CallWorkerOptions): Promise<NativeConnection> {
  const connection = await NativeConnection.connect(connectionOptions(options));
  try {
    await registerSearchAttributes(connection, options.namespace);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function createWorkers(
  options: CallWorkerOptions,
  connection: NativeConnection,
  bundle: WorkflowBundle,
): Promise<readonly Worker[]> {
  const { taskQueue, namespace, maxActivities, maxWorkflows, dialsPerSecond } = options;
  const { calls, turns } = hostedCallActivities(options.activities);
  const common = {
    connection,
    namespace,
    dataConverter: dataConverter(options),
    shutdownGraceTime: options.graceMs,
    shutdownForceTime: options.graceMs + FORCE_MS,
    ...(options.deployment && { workerDeploymentOptions: deploymentOptions(options.deployment) }),
  };
  const caller = await Worker.create({
    ...common,
    taskQueue,
    workflowBundle: bundle,
    activities: calls,
    maxConcurrentActivityTaskExecutions: maxActivities,
    maxCachedWorkflows: maxWorkflows,
    stickyQueueScheduleToStartTimeout: STICKY_MS,
  });
  const turner = await Worker.create({
    ...common,
    taskQueue: turnQueueOf(taskQueue),
    activities: turns,
    maxTaskQueueActivitiesPerSecond: dialsPerSecond,
  });
  return [caller, turner];
}
