import { type CallPlan, type Outcome, runCall } from '@earshot/calls';
import { CallWorld } from '../workflow/call-world.ts';

/** The workflow with a step that no call took so far. */
export async function voiceCall(plan: CallPlan, carrierCallId: string | null): Promise<Outcome> {
  const world = new CallWorld(carrierCallId, () => {});
  await world.activities.lookUp('somebody');
  return runCall(plan, world);
}
