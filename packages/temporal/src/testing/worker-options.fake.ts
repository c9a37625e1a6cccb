import type { CallActivities } from '@earshot/calls';
import type { CallWorkerOptions } from '../call-worker.ts';
import type { TemporalAddress } from '../temporal-address.ts';

/** A small worker that nobody waits for. */
export function workerOptions(
  address: TemporalAddress,
  activities: CallActivities,
): CallWorkerOptions {
  return {
    ...address,
    activities,
    maxActivities: 20,
    maxWorkflows: 50,
    dialsPerSecond: 100,
    graceMs: 1_000,
    deployment: null,
  };
}
