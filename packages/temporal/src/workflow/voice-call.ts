import {
  type CallPlan,
  type CallReport,
  type Outcome,
  runCall,
  type ScriptLimits,
} from '@earshot/calls';
import { setHandler } from '@temporalio/workflow';
import { progressQuery, reportSignal, stateQuery } from '../call-messages.ts';
import { CallWorld } from './call-world.ts';
import { stateOf, VisibleState } from './visible-state.ts';

/** A call gets about twenty reports. What comes beyond this many is no news, save that it must end. */
const MOST_REPORTS = 2_000;

/** Hosts the script of one call. A change of what it asks Temporal for needs `patched`. */
export async function voiceCall(
  plan: CallPlan,
  carrierCallId: string | null,
  limits: ScriptLimits | null,
): Promise<Outcome> {
  const visible = new VisibleState();
  const world = new CallWorld(carrierCallId, (progress) => visible.show(stateOf(progress, null)));
  let outcome: Outcome | null = null;
  let reports = 0;
  setHandler(reportSignal, (report: CallReport) => {
    reports += 1;
    if (reports <= MOST_REPORTS || report.type === 'terminate') world.learn(report);
  });
  setHandler(stateQuery, () => stateOf(world.progress, outcome));
  setHandler(progressQuery, () => world.progress);
  visible.begin(plan);
  visible.show(stateOf(world.progress, null));
  outcome = await runCall(plan, world, limits ? { limits } : {});
  visible.show(stateOf(world.progress, outcome));
  return outcome;
}
