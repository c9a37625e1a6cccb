import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { parseScenario } from '../caller/parse-scenario.ts';
import { prepareCaller } from '../caller/prepare-caller.ts';
import type { Scenario } from '../caller/scenario.ts';
import type { ScriptedCaller } from '../caller/scripted-caller.ts';
import { runCall } from '../carrier/run-call.ts';
import { recordCall } from '../report/record-call.ts';
import type { DemoOptions } from './demo-options.ts';
import { serverEnvironment } from './server-environment.ts';
import { ServerProcess } from './server-process.ts';
import { summary } from './summary.ts';

export interface DemoWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
}

const SERVER_MAIN = path.resolve(import.meta.dirname, '../../../server/src/main.ts');
const DEFAULT_MODELS = path.resolve(import.meta.dirname, '../../../../models');
const READY_WITHIN_MS = 60_000;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;

/** Starts a server, rings it with a simulated caller, and tells whether the call went as expected. */
export async function runDemo(
  { engines, scenarioFile, folder }: DemoOptions,
  { environment, write }: DemoWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const scenario = parseScenario(await readFile(scenarioFile, 'utf8'), scenarioFile);
  await mkdir(folder, { recursive: true });
  const authToken = randomBytes(16).toString('hex');
  write(scenario.scenario);
  const caller = await makeCaller(
    scenario,
    path.dirname(scenarioFile),
    engines,
    environment,
    signal,
  );
  write('Starting the server …');
  await using server = await ServerProcess.start(
    {
      main: SERVER_MAIN,
      environment: serverEnvironment(environment, { engines, authToken }),
      logFile: path.join(folder, 'server.log'),
      readyWithinMs: READY_WITHIN_MS,
    },
    signal,
  );
  write(`Ringing ${server.base} …\n`);
  const call = await recordCall(
    {
      scenario,
      caller,
      place: (observer, aborted) =>
        runCall({
          voiceUrl: `${server.base}/twilio/voice`,
          accountSid: ACCOUNT_SID,
          authToken,
          from: scenario.from,
          to: scenario.to,
          caller,
          observer,
          signal: aborted,
        }),
      base: server.base,
      folder,
      write,
    },
    signal,
  );
  write(summary(call, folder));
  return call.checks.every(({ ok }) => ok);
}

/** The caller's engine is closed before the call: all is said already, and the processor is the server's. */
async function makeCaller(
  scenario: Scenario,
  folder: string,
  engines: DemoOptions['engines'],
  { MODELS_DIR = DEFAULT_MODELS }: DemoWorld['environment'],
  signal: AbortSignal,
): Promise<ScriptedCaller> {
  const engine = engines === 'real' ? 'real' : 'small';
  const options = { engines: engine, modelsDir: path.resolve(MODELS_DIR), folder } as const;
  await using voice = await openCallerVoice(scenario.voice, options, signal);
  return await prepareCaller(scenario, { voice, folder }, signal);
}
