import type { CallPlan } from './call.ts';
import type { Following } from './following.ts';
import type { Outcome } from './outcome.ts';
import { verdictOf, wasAnswered } from './verdict.ts';
import type { World } from './world.ts';

/** Ends the phone leg, if there is one. While the carrier cannot be asked it is tried again after each wait. */
export async function hangUp(world: World, waitsMs: readonly number[]): Promise<void> {
  const isOver = () => world.progress.terminal !== null;
  for (const waitMs of [0, ...waitsMs]) {
    if (world.progress.carrierCallId === null || isOver()) return;
    if (waitMs > 0 && (await world.until(isOver, waitMs))) return;
    const done = world.activities.hangUp(world.progress.carrierCallId);
    if (await done.then(() => true).catch(() => false)) return;
  }
}

/** What the carrier knows of a call that we ended, or that a machine answered, may change the reason. */
export async function revise(
  end: Outcome,
  plan: CallPlan,
  world: World,
  following: Following,
): Promise<Outcome> {
  const { terminal, terminatedAtMs, answeredBy } = world.progress;
  const byOrder = end.reason === 'canceled' && terminatedAtMs !== null;
  const byWhom = plan.machineDetection === 'hang-up' && wasAnswered(world.progress);
  if ((byOrder && terminal === null) || (byWhom && answeredBy === null)) await following.lookUp();
  const verdict = verdictOf(plan, world.progress);
  if (byOrder) return verdict ?? end;
  return byWhom && verdict?.reason === 'voicemail' ? verdict : end;
}

/** When it ended, as the carrier says it if that is possible: it may have been long ago. */
export function endedAtMs(world: World): number {
  const { terminal, answeredAtMs } = world.progress;
  const nowMs = world.now();
  return Math.min(nowMs, Math.max(terminal?.atMs ?? nowMs, answeredAtMs ?? 0));
}
