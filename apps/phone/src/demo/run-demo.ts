import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { findScenario } from '../caller/find-scenario.ts';
import { prepareCaller } from '../caller/prepare-caller.ts';
import { readScenario } from '../caller/read-scenario.ts';
import type { Scenario } from '../caller/scenario.ts';
import type { ScriptedCaller } from '../caller/scripted-caller.ts';
import type { CallObserver } from '../carrier/call-observer.ts';
import { runCall } from '../carrier/run-call.ts';
import { makeFolder } from '../report/make-folder.ts';
import { recordCall, removeFormer } from '../report/record-call.ts';
import type { DemoOptions } from './demo-options.ts';
import { serverEnvironment } from './server-environment.ts';
import { ServerProcess } from './server-process.ts';
import { summary } from './summary.ts';

export interface DemoWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
}

const SERVER_MAIN = path.resolve(import.meta.dirname, '../../../server/src/main.ts');
const READY_WITHIN_MS = 60_000;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;

/** Starts a server, rings it with a simulated caller, and tells whether the call went as expected. */
export async function runDemo(
  options: DemoOptions,
  { environment, write }: DemoWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const { engines, scenarioFile, folder } = options;
  const modelsDir = path.resolve(environment.MODELS_DIR || 'models');
  const file = findScenario(scenarioFile, '.');
  const scenario = await readScenario(file, file);
  write(scenario.scenario);
  await makeFolder(folder);
  await removeFormer(folder);
  const caller = await makeCaller(scenario, options, modelsDir, signal);
  write('Starting the server …');
  const authToken = randomBytes(16).toString('hex');
  const logFile = path.join(folder, 'server.log');
  const wishes = { engines, authToken, modelsDir };
  await using server = await ServerProcess.start(
    {
      main: SERVER_MAIN,
      environment: serverEnvironment(environment, wishes),
      logFile,
      readyWithinMs: READY_WITHIN_MS,
    },
    signal,
  );
  write(`${spokenLines(await readFile(logFile, 'utf8'))}\n\nRinging ${server.base} …\n`);
  const account = {
    voiceUrl: `${server.base}/twilio/voice`,
    accountSid: ACCOUNT_SID,
    authToken,
    from: scenario.from,
    to: scenario.to,
  };
  const place = (observer: CallObserver, placing: AbortSignal) =>
    runCall({ ...account, caller, observer, signal: placing });
  const call = await recordCall(
    { scenario, caller, place, base: server.base, folder, write },
    signal,
  );
  write(summary(call, folder));
  return call.checks.every(({ ok }) => ok);
}

/** The caller's engine is closed before the call: all is said already, and the processor is the server's. */
async function makeCaller(
  scenario: Scenario,
  { engines, scenarioFile }: DemoOptions,
  modelsDir: string,
  signal: AbortSignal,
): Promise<ScriptedCaller> {
  const folder = path.dirname(scenarioFile);
  const engine = engines === 'real' ? 'real' : 'small';
  const options = { engines: engine, modelsDir, folder } as const;
  await using voice = await openCallerVoice(scenario.voice, options, signal);
  return await prepareCaller(scenario, { voice, folder }, signal);
}

/** What the server says to people among its log: which engines it took, and why. */
function spokenLines(log: string): string {
  return log
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'))
    .join('\n');
}
