import process from 'node:process';
import { type CallReport, outcome } from '@earshot/calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallWorker } from './call-worker.ts';
import type { CallWorker } from './running-workers.ts';
import { TemporalLifecycle } from './temporal-lifecycle.ts';
import { outboundPlan } from './testing/call-plan.fake.ts';
import { answered, hungUp, terminate } from './testing/reports.fake.ts';
import { carrierIdOf, ScriptedActivities } from './testing/scripted-activities.fake.ts';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from './testing/temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './testing/temporal-server.ts';
import { workerOptions } from './testing/worker-options.fake.ts';

const cli = findTemporalCli(process.env);
const absent = cli === null && !process.env.CI;
const { signal } = new AbortController();

describe.skipIf(absent)(`a call on Temporal${absent ? `: ${HOW_TO_GET_TEMPORAL}` : ''}`, () => {
  let server: TemporalServer;
  let lifecycle: TemporalLifecycle;
  let worker: CallWorker;
  const activities = new ScriptedActivities();

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

  const report = async (callId: string, ...reports: CallReport[]) => {
    for (const one of reports) await lifecycle.report(callId, one, signal);
  };

  test('goes from its order to its one outcome', async () => {
    const plan = outboundPlan();
    await lifecycle.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    await report(plan.id, ...answered(plan.id), hungUp);
    expect(await lifecycle.outcome(plan.id, signal)).toEqual(outcome('completed'));
    expect(await lifecycle.state(plan.id, signal)).toEqual({
      phase: 'ended',
      carrierCallId: carrierIdOf(plan.id),
      outcome: outcome('completed'),
    });
    expect(activities.outcomes.get(plan.id)).toEqual([outcome('completed')]);
  });

  test('shows its state, and is found by it', async () => {
    const plan = outboundPlan();
    const carrierCallId = carrierIdOf(plan.id);
    await lifecycle.start(plan, null, signal);
    await report(plan.id, ...answered(plan.id));
    const state = await lifecycle.state(plan.id, signal);
    expect(state).toEqual({ phase: 'answered', carrierCallId, outcome: null });
    const call = server.environment.client.workflow.getHandle(plan.id);
    const { typedSearchAttributes } = await call.describe();
    expect(
      Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])),
    ).toMatchObject({
      EarshotPhase: 'answered',
      EarshotDirection: 'outbound',
      EarshotReceptionist: 'dental-practice',
    });
    await report(plan.id, hungUp);
    await lifecycle.outcome(plan.id, signal);
    const query = `EarshotPhase = 'ended' AND EarshotOutcome = 'completed' AND WorkflowId = '${plan.id}'`;
    await expect
      .poll(async () => (await server.environment.client.workflow.count(query)).count, {
        timeout: 20_000,
      })
      .toBe(1);
  });

  test('is begun once, however often it is started', async () => {
    const plan = outboundPlan();
    await Promise.all([1, 2, 3].map(() => lifecycle.start(plan, null, signal)));
    await activities.until(`dial ${plan.id}`);
    await report(plan.id, ...answered(plan.id), hungUp);
    await lifecycle.outcome(plan.id, signal);
    await lifecycle.start(plan, null, signal);
    expect(activities.count(`begin ${plan.id}`)).toBe(1);
    expect(activities.count(`dial ${plan.id}`)).toBe(1);
  });

  test('takes no report once it is over, nor one of a call that never was', async () => {
    const plan = outboundPlan();
    await lifecycle.start(plan, null, signal);
    await report(plan.id, terminate);
    await lifecycle.outcome(plan.id, signal);
    await expect(report(plan.id, hungUp)).rejects.toMatchObject({ code: 'call-not-found' });
    await expect(report('call-never', hungUp)).rejects.toMatchObject({ code: 'call-not-found' });
    await expect(lifecycle.outcome('call-never', signal)).rejects.toMatchObject({
      code: 'call-not-found',
    });
    expect(await lifecycle.state('call-never', signal)).toBeNull();
  });

  test('is hung up and settled when an operator cancels its workflow', async () => {
    const plan = outboundPlan();
    await lifecycle.start(plan, null, signal);
    await report(plan.id, ...answered(plan.id));
    await activities.until(`note ${plan.id}`);
    await server.environment.client.workflow.getHandle(plan.id).cancel();
    expect(await lifecycle.outcome(plan.id, signal)).toEqual(outcome('terminated'));
    expect(activities.count(`hangUp ${carrierIdOf(plan.id)}`)).toBe(1);
    expect(activities.outcomes.get(plan.id)).toEqual([outcome('terminated')]);
  });

  test('is over for whoever asks when an operator ends its workflow by force', async () => {
    const plan = outboundPlan();
    await lifecycle.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    await server.environment.client.workflow.getHandle(plan.id).terminate();
    expect(await lifecycle.outcome(plan.id, signal)).toEqual(outcome('internal-error'));
    const state = await lifecycle.state(plan.id, signal);
    expect(state).toMatchObject({ phase: 'ended', outcome: outcome('internal-error') });
  });

  test('that was dialled and not answered for is looked for, never dialled again', async () => {
    const plan = outboundPlan();
    activities.onDial = async ({ id }) => {
      activities.onDial = ScriptedActivities.dialled;
      activities.found = carrierCall(id, 'busy');
      throw new Error(`No answer for ${plan.to}`);
    };
    await lifecycle.start(plan, null, signal);
    expect(await lifecycle.outcome(plan.id, signal)).toEqual(outcome('busy'));
    expect(activities.count(`dial ${plan.id}`)).toBe(1);
    const history = await server.environment.client.workflow.getHandle(plan.id).fetchHistory();
    const failures = (history.events ?? []).flatMap(
      ({ activityTaskFailedEventAttributes: failed }) => (failed ? [failed.failure?.message] : []),
    );
    expect(failures).toEqual(['Failed unexpectedly']);
  });

  test('waits no longer than its caller', async () => {
    const plan = outboundPlan();
    await lifecycle.start(plan, null, signal);
    const patience = new AbortController();
    const outcomeOf = lifecycle.outcome(plan.id, patience.signal);
    patience.abort(new Error('enough'));
    await expect(outcomeOf).rejects.toThrow('enough');
    await expect(lifecycle.state(plan.id, patience.signal)).rejects.toThrow('enough');
    await report(plan.id, terminate);
    await lifecycle.outcome(plan.id, signal);
  });
});

function carrierCall(callId: string, status: 'busy') {
  const carrierCallId = carrierIdOf(callId);
  return { carrierCallId, status, answeredBy: null, startedAtMs: null, endedAtMs: null };
}
