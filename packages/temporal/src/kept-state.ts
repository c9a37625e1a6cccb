import { type LifecycleState, outcome, PHASES } from '@earshot/calls';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { STATE_MEMO } from './call-messages.ts';

/** How a call stood when its workflow last ran, as Temporal itself knows it: no worker is asked. */
export function keptState({ memo, status }: WorkflowExecutionDescription): LifecycleState {
  const kept = memo?.[STATE_MEMO];
  const state = isState(kept) ? kept : { phase: 'queued', carrierCallId: null, outcome: null };
  if (status.name === 'RUNNING' || state.outcome !== null) return state as LifecycleState;
  // Somebody ended the workflow by force: it will never tell how the call ended.
  return {
    phase: 'ended',
    carrierCallId: state.carrierCallId,
    outcome: outcome('internal-error'),
  };
}

function isState(kept: unknown): kept is LifecycleState {
  if (typeof kept !== 'object' || kept === null || !('phase' in kept)) return false;
  return PHASES.some((phase) => phase === kept.phase);
}
