import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type CallPlan, type CallReport, outcome } from '@earshot/calls';
import { EmbeddedDatabase, migrate, openDatabase, PostgresCallStore } from '@earshot/postgres';
import { TemporalLifecycle } from '@earshot/temporal';
import {
  findTemporalCli,
  HOW_TO_GET_TEMPORAL,
  startTemporalServer,
} from '@earshot/temporal/testing';
import { describe, expect, test } from 'vitest';
import { CALL_SID, startScriptedTwilio } from './scripted-twilio.fake.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const cli = findTemporalCli(process.env);
const absent = cli === null && !process.env.CI;
const { signal } = new AbortController();

/** Two workers start, one after the other, beside a database and Temporal. */
const patience = { timeout: 120_000 };

describe.skipIf(absent)(
  `the worker's process${absent ? `: ${HOW_TO_GET_TEMPORAL}` : ''}`,
  patience,
  () => {
    test('places a call, keeps its record, is killed, and another ends the call', async () => {
      await using opened = new AsyncDisposableStack();
      const dir = await mkdtemp(join(tmpdir(), 'earshot-worker-'));
      opened.defer(() => rm(dir, { recursive: true, force: true }));
      const [server, twilio, { url }] = await Promise.all([
        startTemporalServer(cli ?? 'temporal').then((one) => opened.use(one)),
        startScriptedTwilio().then((one) => opened.use(one)),
        EmbeddedDatabase.open({ dir }, signal).then((one) => opened.use(one)),
      ]);
      await migrate({ url }, signal);
      const store = new PostgresCallStore(opened.use(await openDatabase({ url }, signal)));
      const calls = opened.use(new TemporalLifecycle(server.address));
      const [host, port] = server.address.address.split(':');
      const env = {
        ...{ PATH: process.env.PATH, DATABASE_URL: url, TWILIO_API_BASE_URL: twilio.url },
        ...{ TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'x'.repeat(32) },
        ...{ BASE_URL: 'https://calls.example.com', WORKER_TASK_QUEUE: server.address.taskQueue },
        ...{ TEMPORAL_HOST: host, TEMPORAL_PORT: port, CALLS_PER_SECOND: '50' },
        ...{
          WORKER_HEALTH_PORT: '0',
          WORKER_METRICS_PORT: `${await freePort()}`,
          GRACE_MS: '1000',
        },
      };

      const first = await startWorker(env);
      opened.defer(() => kill(first.process));
      expect((await fetch(`${first.health}/health/ready`)).status).toBe(200);
      const figures = await fetch(`http://127.0.0.1:${env.WORKER_METRICS_PORT}/metrics`);
      expect(await figures.text()).toContain('temporal_worker_task_slots_available');
      const plan = outboundPlan();
      await calls.start(plan, null, signal);
      const { id } = plan;
      await expect
        .poll(async () => (await store.find(id))?.carrierCallId, { timeout: 20_000 })
        .toBe(CALL_SID);
      for (const report of answered()) await calls.report(id, report, signal);
      await expect
        .poll(async () => (await store.find(id))?.phase, { timeout: 20_000 })
        .toBe('answered');
      await kill(first.process);

      const second = await startWorker(env);
      opened.defer(() => kill(second.process));
      await calls.report(id, { type: 'terminate', atMs: Date.now() }, signal);
      expect(await calls.outcome(id, signal)).toEqual(outcome('terminated'));
      expect(await store.find(id)).toMatchObject({
        phase: 'ended',
        outcome: outcome('terminated'),
      });
      expect(twilio.asked.filter((asked) => asked === 'POST Calls.json')).toHaveLength(1);
      expect(twilio.asked).toContain(`POST ${CALL_SID}.json`);

      const exited = once(second.process, 'exit');
      second.process.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      for (const text of [...first.said, ...second.said]) expect(text).not.toContain(plan.to);
    });

    test('tells what is wrong with its environment, and ends', async () => {
      const child = spawn(process.execPath, [MAIN], {
        env: {},
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const said: string[] = [];
      createInterface(child.stderr).on('line', (line) => said.push(line));
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(said[0]).toBe('Bad environment:');
    });
  },
);

interface Started {
  readonly process: ChildProcess;
  readonly health: string;
  readonly said: readonly string[];
}

/** Resolves once it takes work. */
async function startWorker(env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  const started = Promise.withResolvers<string>();
  createInterface(child.stderr).on('line', (line) => said.push(line));
  createInterface(child.stdout).on('line', (line) => {
    said.push(line);
    const { msg, health } = JSON.parse(line);
    if (msg === 'worker started') started.resolve(health);
  });
  child.once('exit', () => started.reject(new Error(`The worker ended: ${said.join('\n')}`)));
  return { process: child, health: await started.promise, said };
}

async function freePort(): Promise<number> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function outboundPlan(): CallPlan {
  return {
    ...{ id: `call-${randomUUID()}`, direction: 'outbound', to: '+12025550142' },
    ...{ from: '+12025550100', receptionistId: null, greeting: null, systemPrompt: null },
    ...{ maxDurationMs: 600_000, ringTimeoutMs: 45_000, machineDetection: 'off' },
    ...{ record: false, vadConfig: null, metadata: {}, agent: null },
  };
}

function answered(): CallReport[] {
  const carrier = { type: 'carrier', carrierCallId: CALL_SID, atMs: Date.now() } as const;
  return [
    { ...carrier, status: 'ringing', sequence: 1 },
    { ...carrier, status: 'in-progress', sequence: 2 },
    { type: 'media-started', stream: 1, atMs: Date.now() },
  ];
}
