import type { CallReport, LifecycleState } from '@earshot/calls';
import { defineQuery, defineSignal } from '@temporalio/workflow';

/** The workflow's type, as Temporal's own screens show it. */
export const CALL_WORKFLOW = 'voiceCall';

export const reportSignal = defineSignal<[CallReport]>('report');
/** `LifecycleState` of the call. */
export const stateQuery = defineQuery<LifecycleState>('state');
/** All that was reported: `CallProgress`. */
export const progressQuery = defineQuery<unknown>('progress');

/** Memo under which the workflow keeps its `LifecycleState` for when no worker can be asked. */
export const STATE_MEMO = 'state';

/** Where outbound calls wait for their turn to dial; its rate is limited over all workers. */
export function turnQueueOf(taskQueue: string): string {
  return `${taskQueue}-turns`;
}
