import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import type { CallPlan, CallReport } from '@earshot/calls';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startCallWorker } from './call-worker.ts';
import { TemporalLifecycle } from './temporal-lifecycle.ts';
import { outboundPlan } from './testing/call-plan.fake.ts';
import { answered, carrierReport, hungUp, terminate } from './testing/reports.fake.ts';
import { carrierIdOf, ScriptedActivities } from './testing/scripted-activities.fake.ts';
import { HOW_TO_GET_TEMPORAL } from './testing/temporal-cli.ts';
import { startTemporalServer } from './testing/temporal-server.ts';
import { workerOptions } from './testing/worker-options.fake.ts';

/**
 * Records the histories that `histories.test.ts` replays, on a real server. Needed anew after a
 * change of what the script asks of the world, once no call that was begun before it is live, or
 * with `patched` around the change:
 * `node packages/temporal/src/record-histories.ts ~/go/bin/temporal && npm run format`.
 */
interface Recording {
  readonly plan?: Partial<CallPlan>;
  readonly carrierCallId?: string;
  readonly dial?: 'answered' | 'lost' | 'refused';
  readonly reports: (callId: string) => readonly CallReport[];
}

const RECORDINGS: Readonly<Record<string, Recording>> = {
  completed: { reports: (id) => [...answered(id), hungUp, carrierReport(id, 'completed')] },
  busy: { reports: (id) => [carrierReport(id, 'ringing'), carrierReport(id, 'busy')] },
  'terminated-while-ringing': { reports: (id) => [carrierReport(id, 'ringing'), terminate] },
  'terminated-in-mid-call': { reports: (id) => [...answered(id), terminate] },
  'holder-gone': { reports: (id) => [...answered(id), carrierReport(id, 'completed')] },
  'dial-refused': { dial: 'refused', reports: () => [] },
  'dial-lost-and-found': { dial: 'lost', reports: () => [] },
  inbound: {
    plan: { direction: 'inbound', id: 'call-inbound' },
    carrierCallId: carrierIdOf('call-inbound'),
    reports: (id) => [...answered(id), hungUp, carrierReport(id, 'completed')],
  },
};

const { signal } = new AbortController();
const cli = process.argv[2];
if (!cli) throw new Error(`Give the path of \`temporal\` (${HOW_TO_GET_TEMPORAL})`);
await using server = await startTemporalServer(cli);
await using calls = new TemporalLifecycle(server.address);
const activities = new ScriptedActivities();
await using _worker = await startCallWorker(workerOptions(server.address, activities), signal);
for (const [name, recording] of Object.entries(RECORDINGS)) {
  const history = await record(name, recording);
  const file = new URL(`histories/${name}.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(history, withoutPlace, 2)}\n`);
}

async function record(name: string, { plan: changes, ...recording }: Recording): Promise<unknown> {
  const plan = outboundPlan({ id: `call-${name}`, ...changes });
  activities.onDial = async (dialled) => {
    if (recording.dial === 'refused') return { type: 'failed', reason: 'number-refused' };
    if (recording.dial !== 'lost') return ScriptedActivities.dialled(dialled);
    activities.found = {
      ...{ carrierCallId: carrierIdOf(plan.id), status: 'no-answer', answeredBy: null },
      ...{ startedAtMs: null, endedAtMs: null },
    };
    throw new Error('The answer is lost');
  };
  await calls.start(plan, recording.carrierCallId ?? null, signal);
  if (plan.direction === 'outbound') await activities.until(`dial ${plan.id}`);
  for (const report of recording.reports(plan.id)) await calls.report(plan.id, report, signal);
  await calls.outcome(plan.id, signal);
  const call = server.environment.client.workflow.getHandle(plan.id);
  return JSON.parse(historyToJSON(await call.fetchHistory()));
}

/** Names of machines and paths on them are no part of a call's history. */
function withoutPlace(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return typeof value === 'string'
    ? value.replaceAll(`${process.pid}@${hostname()}`, 'worker')
    : value;
}
