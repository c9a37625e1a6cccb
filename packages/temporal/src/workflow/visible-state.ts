import {
  type CallPlan,
  type CallProgress,
  type LifecycleState,
  type Outcome,
  phaseOf,
} from '@earshot/calls';
import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { STATE_MEMO } from '../call-messages.ts';
import { DIRECTION, OUTCOME, PHASE, RECEPTIONIST } from '../search-attributes.ts';

/** Only the script itself ends a call: until then one that is over at the carrier shows as it last was. */
export function stateOf(progress: CallProgress, outcome: Outcome | null): LifecycleState {
  const phase = outcome ? 'ended' : phaseOf({ ...progress, terminal: null });
  return { phase, carrierCallId: progress.carrierCallId, outcome };
}

/** Shows how a call stands to those who look for calls in Temporal, as it changes. */
export class VisibleState {
  #shown: LifecycleState | null = null;

  begin({ direction, receptionistId }: CallPlan): void {
    upsertSearchAttributes([
      { key: DIRECTION, value: direction },
      ...(receptionistId === null ? [] : [{ key: RECEPTIONIST, value: receptionistId }]),
    ]);
  }

  show(state: LifecycleState): void {
    const shown = this.#shown;
    if (JSON.stringify(state) === JSON.stringify(shown)) return;
    this.#shown = state;
    upsertMemo({ [STATE_MEMO]: state });
    if (state.phase === shown?.phase) return;
    upsertSearchAttributes([
      { key: PHASE, value: state.phase },
      ...(state.outcome === null ? [] : [{ key: OUTCOME, value: state.outcome.reason }]),
    ]);
  }
}
