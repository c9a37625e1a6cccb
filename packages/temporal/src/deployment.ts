import { CallError } from '@earshot/calls';
import type { NativeConnection, WorkerDeploymentOptions } from '@temporalio/worker';
import { pause } from './pause.ts';

/** Temporal hears of a new version with its workers' first polls. */
const TRIES = 60;
const PAUSE_MS = 500;

/** Which code this worker runs: calls stay with the code that began them, so that a deploy disturbs none. */
export interface Deployment {
  readonly name: string;
  readonly buildId: string;
  /** New calls are given to this version once this worker runs. Else an operator decides. */
  readonly makeCurrent: boolean;
}

export function deploymentOptions({ name, buildId }: Deployment): WorkerDeploymentOptions {
  return {
    version: { deploymentName: name, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}

export async function makeCurrent(
  { workflowService }: Pick<NativeConnection, 'workflowService'>,
  namespace: string,
  { name, buildId }: Deployment,
  signal: AbortSignal,
): Promise<void> {
  let cause: unknown;
  for (let i = 0; i < TRIES; i++) {
    const request = { namespace, deploymentName: name, buildId, identity: `earshot ${buildId}` };
    try {
      await workflowService.setWorkerDeploymentCurrentVersion(request);
      return;
    } catch (error) {
      cause = error;
    }
    await pause(PAUSE_MS, signal);
  }
  const message = `Build ${buildId} could not be made the current version of ${name}`;
  throw new CallError('lifecycle-unavailable', message, { cause });
}
