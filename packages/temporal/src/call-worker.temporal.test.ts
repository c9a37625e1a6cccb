import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { outcome } from '@earshot/calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallWorker } from './call-worker.ts';
import type { TemporalAddress } from './temporal-address.ts';
import { TemporalLifecycle } from './temporal-lifecycle.ts';
import { outboundPlan } from './testing/call-plan.fake.ts';
import { answered, hungUp, terminate } from './testing/reports.fake.ts';
import { carrierIdOf, ScriptedActivities } from './testing/scripted-activities.fake.ts';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from './testing/temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './testing/temporal-server.ts';
import { workerOptions } from './testing/worker-options.fake.ts';
import { startWorkerProcess } from './testing/worker-process.fake.ts';
import { workflowBundle } from './workflow-bundle.ts';

const cli = findTemporalCli(process.env);
const absent = cli === null && !process.env.CI;
const { signal } = new AbortController();
/** Workers in processes of their own need a while to start on a busy machine. */
const patience = { timeout: 120_000 };

describe.skipIf(absent)(`a worker${absent ? `: ${HOW_TO_GET_TEMPORAL}` : ''}`, patience, () => {
  let server: TemporalServer;
  let queues = 0;

  beforeAll(async () => {
    [server] = await Promise.all([startTemporalServer(cli ?? 'temporal'), workflowBundle()]);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  /** Each test has a queue of its own, so that none takes another's calls. */
  const ownQueue = (): TemporalAddress => {
    queues += 1;
    return { ...server.address, taskQueue: `calls-${queues}` };
  };

  test.concurrent('that is killed in mid-call is followed by another, and the call goes on', async () => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    const setup = workerOptions(address, activities);
    await using calls = new TemporalLifecycle(address);
    await using first = await startWorkerProcess(setup, activities);
    const plan = outboundPlan();
    await calls.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    for (const report of answered(plan.id)) await calls.report(plan.id, report, signal);
    await activities.until(`note ${plan.id}`);
    await first.kill();
    await calls.report(plan.id, hungUp, signal);
    await using _second = await startWorkerProcess(setup, activities);
    expect(await calls.outcome(plan.id, signal)).toEqual(outcome('completed'));
    expect(activities.count(`dial ${plan.id}`)).toBe(1);
    expect(activities.outcomes.get(plan.id)).toEqual([outcome('completed')]);
  });

  test.concurrent('that is killed while it dials leaves a call that is looked for, never dialled again', async () => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    activities.onDial = () => new Promise(() => {});
    const setup = workerOptions(address, activities);
    await using calls = new TemporalLifecycle(address);
    await using first = await startWorkerProcess(setup, activities);
    const plan = outboundPlan();
    await calls.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    await first.kill();
    const carrierCallId = carrierIdOf(plan.id);
    const times = { answeredBy: null, startedAtMs: null, endedAtMs: null };
    activities.found = { carrierCallId, status: 'no-answer', ...times };
    await using _second = await startWorkerProcess(setup, activities);
    expect(await calls.outcome(plan.id, signal)).toEqual(outcome('no-answer'));
    expect(activities.count(`dial ${plan.id}`)).toBe(1);
    expect(activities.count(`find ${plan.id}`)).toBe(1);
  });

  test.concurrent('hears what was reported before it ran', async () => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    await using calls = new TemporalLifecycle(address);
    const plan = outboundPlan();
    await calls.start(plan, null, signal);
    await calls.report(plan.id, terminate, signal);
    const waiting = { phase: 'queued', carrierCallId: null, outcome: null };
    expect(await calls.state(plan.id, signal)).toEqual(waiting);
    await using _worker = await startCallWorker(workerOptions(address, activities), signal);
    expect(await calls.outcome(plan.id, signal)).toEqual(outcome('canceled'));
    expect(activities.count(`dial ${plan.id}`)).toBe(0);
  });

  test.concurrent('tells how a call stood when no worker is left to be asked', async ({
    expect,
  }) => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    await using calls = new TemporalLifecycle(address);
    const plan = outboundPlan();
    const worker = await startCallWorker(workerOptions(address, activities), signal);
    await calls.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    for (const report of answered(plan.id)) await calls.report(plan.id, report, signal);
    const answer = { phase: 'answered', carrierCallId: carrierIdOf(plan.id), outcome: null };
    await expect.poll(() => calls.state(plan.id, signal), { timeout: 20_000 }).toEqual(answer);
    await worker[Symbol.asyncDispose]();
    expect(await calls.state(plan.id, signal)).toEqual(answer);
  });

  test.concurrent('lets what is under way end before it stops', async () => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    const dialling = Promise.withResolvers<void>();
    activities.onDial = async (plan) => {
      await dialling.promise;
      return ScriptedActivities.dialled(plan);
    };
    const setup = workerOptions(address, activities);
    await using calls = new TemporalLifecycle(address);
    const plan = outboundPlan();
    const worker = await startCallWorker({ ...setup, graceMs: 20_000 }, signal);
    await calls.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    const stopping = worker[Symbol.asyncDispose]();
    expect(worker.ready).toBe(false);
    dialling.resolve();
    await stopping;
    await worker.stopped;
    await using _next = await startCallWorker(setup, signal);
    for (const report of [...answered(plan.id), hungUp])
      await calls.report(plan.id, report, signal);
    expect(await calls.outcome(plan.id, signal)).toEqual(outcome('completed'));
    expect(activities.count(`find ${plan.id}`)).toBe(0);
  });

  test.concurrent('gets its turns to dial no faster than all workers together may', async () => {
    const address = ownQueue();
    const activities = new ScriptedActivities();
    const setup = { ...workerOptions(address, activities), dialsPerSecond: 1 };
    await using calls = new TemporalLifecycle(address);
    await using _one = await startCallWorker(setup, signal);
    await using _other = await startCallWorker(setup, signal);
    // The server learns the rate from those who ask it for turns.
    const first = outboundPlan();
    await calls.start(first, null, signal);
    await activities.until(`dial ${first.id}`);
    const plans = [1, 2, 3, 4].map(() => outboundPlan());
    await Promise.all(plans.map((plan) => calls.start(plan, null, signal)));
    await Promise.all(plans.map((plan) => activities.until(`dial ${plan.id}`)));
    const turnsAtMs = await Promise.all(plans.map(({ id }) => turnAtMs(server, id)));
    for (const { id } of [first, ...plans]) await calls.report(id, terminate, signal);
    // By the server's clock; later is allowed, so that a busy machine makes no test fail.
    expect(Math.max(...turnsAtMs) - Math.min(...turnsAtMs)).toBeGreaterThan(2_000);
  });

  test.concurrent('with a build of its own keeps its calls, and new ones go to the newer build', async () => {
    const address = ownQueue();
    const [old, fresh] = [new ScriptedActivities(), new ScriptedActivities()];
    const build = (buildId: string) => ({
      deployment: { name: 'earshot', buildId, makeCurrent: true },
    });
    await using calls = new TemporalLifecycle(address);
    await using _first = await startCallWorker(
      { ...workerOptions(address, old), ...build('one') },
      signal,
    );
    const [before, after] = [outboundPlan(), outboundPlan()];
    await calls.start(before, null, signal);
    await old.until(`dial ${before.id}`);
    await using _second = await startCallWorker(
      { ...workerOptions(address, fresh), ...build('two') },
      signal,
    );
    await calls.start(after, null, signal);
    for (const plan of [before, after]) {
      const [mine] = plan === before ? [old] : [fresh];
      await mine.until(`dial ${plan.id}`);
      for (const report of [...answered(plan.id), hungUp])
        await calls.report(plan.id, report, signal);
      expect(await calls.outcome(plan.id, signal)).toEqual(outcome('completed'));
    }
    expect(old.outcomes.has(before.id)).toBe(true);
    expect(fresh.asked.some((asked) => asked.includes(before.id))).toBe(false);
  });

  test.concurrent('keeps numbers and prompts from the server when it has a key', async () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const address = { ...ownQueue(), payloadKeys: [key] };
    const activities = new ScriptedActivities();
    await using calls = new TemporalLifecycle(address);
    await using _worker = await startCallWorker(workerOptions(address, activities), signal);
    const plan = outboundPlan();
    await calls.start(plan, null, signal);
    await activities.until(`dial ${plan.id}`);
    for (const report of [...answered(plan.id), hungUp])
      await calls.report(plan.id, report, signal);
    expect(await calls.outcome(plan.id, signal)).toEqual(outcome('completed'));
    const call = server.environment.client.workflow.getHandle(plan.id);
    const history = Buffer.from(JSON.stringify(await call.fetchHistory())).toString();
    const kept = `${history}${[...history.matchAll(/"data":"([^"]*)"/g)]
      .map(([, data]) => Buffer.from(data ?? '', 'base64').toString('latin1'))
      .join()}`;
    for (const secret of [plan.to, plan.from, 'receptionist.', 'practice.'])
      expect(kept).not.toContain(secret);
    await using blind = new TemporalLifecycle({ ...address, payloadKeys: [] });
    await expect(blind.outcome(plan.id, signal)).rejects.toMatchObject({
      code: 'lifecycle-unavailable',
    });
  });
});

describe.skipIf(absent)(
  `while Temporal is away${absent ? `: ${HOW_TO_GET_TEMPORAL}` : ''}`,
  patience,
  () => {
    test.concurrent('a call goes on, and what is asked meanwhile is told so', async ({
      expect,
    }) => {
      const folder = await mkdtemp(join(tmpdir(), 'earshot-temporal-'));
      const file = join(folder, 'temporal.db');
      const activities = new ScriptedActivities();
      const server = await startTemporalServer(cli ?? 'temporal', { file });
      const { address } = server;
      const port = Number(address.address.split(':').at(-1));
      await using calls = new TemporalLifecycle(address);
      await using worker = await startCallWorker(workerOptions(address, activities), signal);
      const plan = outboundPlan();
      await calls.start(plan, null, signal);
      await activities.until(`dial ${plan.id}`);
      for (const report of answered(plan.id)) await calls.report(plan.id, report, signal);
      const ended = calls.outcome(plan.id, signal);
      await server[Symbol.asyncDispose]();

      const refused = { code: 'lifecycle-unavailable', retryable: true };
      await Promise.all([
        expect(calls.report(plan.id, hungUp, signal)).rejects.toMatchObject(refused),
        expect(calls.start(outboundPlan(), null, signal)).rejects.toMatchObject(refused),
        expect(calls.state(plan.id, signal)).rejects.toMatchObject(refused),
        expect(calls.failure(signal)).resolves.toMatchObject(refused),
      ]);

      await using _again = await startTemporalServer(cli ?? 'temporal', { file, port });
      await expect.poll(() => calls.failure(signal), { timeout: 20_000 }).toBeNull();
      await calls.report(plan.id, hungUp, signal);
      expect(await ended).toEqual(outcome('completed'));
      expect(activities.count(`dial ${plan.id}`)).toBe(1);
      expect(worker.ready).toBe(true);
      await rm(folder, { recursive: true });
    });

    test('a worker waits for it, until it is told to stop', async () => {
      const stop = new AbortController();
      const failures: string[] = [];
      const options = workerOptions({ ...nowhere, taskQueue: 'calls' }, new ScriptedActivities());
      const onAway = (error: { readonly code: string }) => {
        failures.push(error.code);
        stop.abort(new Error('enough'));
      };
      await expect(startCallWorker({ ...options, onAway }, stop.signal)).rejects.toThrow('enough');
      expect(failures).toEqual(['lifecycle-unavailable']);
    });
  },
);

/** When the server gave out the call's turn. */
async function turnAtMs({ environment }: TemporalServer, callId: string): Promise<number> {
  const { events } = await environment.client.workflow.getHandle(callId).fetchHistory();
  const turn = events?.find(
    ({ activityTaskScheduledEventAttributes: ordered }) => ordered?.activityType?.name === 'turn',
  );
  const begun = events?.find(({ activityTaskStartedEventAttributes: started }) =>
    turn?.eventId?.equals(started?.scheduledEventId ?? 0),
  );
  return Number(begun?.eventTime?.seconds) * 1_000 + Number(begun?.eventTime?.nanos) / 1e6;
}

const nowhere: Omit<TemporalAddress, 'taskQueue'> = {
  address: '127.0.0.1:1',
  namespace: 'default',
  tls: false,
  apiKey: null,
  payloadKeys: [],
};
