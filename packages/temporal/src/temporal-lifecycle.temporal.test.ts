import process from 'node:process';
import type { CallReport } from '@earshot/calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallWorker } from './call-worker.ts';
import type { CallWorker } from './running-workers.ts';
import { TemporalLifecycle } from './temporal-lifecycle.ts';
import { outboundPlan } from './testing/call-plan.fake.ts';
import { carrierIdOf, ScriptedActivities } from './testing/scripted-activities.fake.ts';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from './testing/temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './testing/temporal-server.ts';
import { workerOptions } from './testing/worker-options.fake.ts';

const cli = findTemporalCli(process.env);
const absent = cli === null && !process.env.CI;
const signal = new AbortController().signal;

describe.skipIf(absent)(
  absent ? `calls on Temporal: ${HOW_TO_GET_TEMPORAL}` : 'calls on Temporal',
  () => {
    let server: TemporalServer;
    let lifecycle: TemporalLifecycle;
    const activities = new ScriptedActivities();
    let worker: CallWorker;

    beforeAll(async () => {
      server = await startTemporalServer(cli ?? 'temporal');
      lifecycle = new TemporalLifecycle(server.address);
      worker = await startCallWorker(workerOptions(server.address, activities), signal);
    });

    afterAll(async () => {
      await worker[Symbol.asyncDispose]();
      await lifecycle[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    test('a call goes from its order to its one outcome', async () => {
      const plan = outboundPlan();
      await lifecycle.start(plan, null, signal);
      await activities.until(`dial ${plan.id}`);
      for (const report of wholeCall(carrierIdOf(plan.id)))
        await lifecycle.report(plan.id, report, signal);
      expect(await lifecycle.outcome(plan.id, signal)).toEqual({
        blame: 'nobody',
        reason: 'completed',
      });
      expect(await lifecycle.state(plan.id, signal)).toEqual({
        phase: 'ended',
        carrierCallId: carrierIdOf(plan.id),
        outcome: { blame: 'nobody', reason: 'completed' },
      });
      expect(activities.count(`settle ${plan.id}`)).toBe(1);
    });
  },
);

function wholeCall(carrierCallId: string): CallReport[] {
  const carrier = { type: 'carrier', carrierCallId } as const;
  return [
    { ...carrier, status: 'ringing', sequence: 1, atMs: 1 },
    { ...carrier, status: 'in-progress', sequence: 2, atMs: 2 },
    { type: 'media-started', stream: 1, atMs: 3 },
    { type: 'media-ended', stream: 1, ending: 'caller-hung-up', atMs: 4 },
    { ...carrier, status: 'completed', sequence: 3, atMs: 5 },
  ];
}
