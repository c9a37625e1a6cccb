import path from 'node:path';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { findScenario } from '../caller/find-scenario.ts';
import { prepareCaller, spokenSamples } from '../caller/prepare-caller.ts';
import { readScenario } from '../caller/read-scenario.ts';
import type { CallObserver } from '../carrier/call-observer.ts';
import { runCall } from '../carrier/run-call.ts';
import { summary } from '../demo/summary.ts';
import { explainFailure } from '../report/explain-failure.ts';
import { checkFolder } from '../report/make-folder.ts';
import { recordCall } from '../report/record-call.ts';
import type { Command } from './command-line.ts';
import type { Terminal } from './terminal.ts';

/** The caller's own limit ends a call; this is for a scenario that never gets that far. */
const SPARE_MS = 60_000;

/** Plays one scenario against a server and leaves its recording and reports. Returns the exit code. */
export async function call(
  { scenario: name, url, out, engines }: Extract<Command, { command: 'call' }>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const file = findScenario(name, terminal.folder);
  const scenario = await readScenario(file, path.relative(terminal.folder, file));
  const folder = path.resolve(
    terminal.folder,
    out ?? path.join('out/calls', path.parse(file).name),
  );
  await checkFolder(folder);
  const modelsDir = path.resolve(terminal.folder, terminal.environment.MODELS_DIR ?? 'models');
  const studio = { engines, modelsDir, folder: path.dirname(file) };
  await using voice = await openCallerVoice(scenario.voice, studio, signal);
  const caller = await prepareCaller(scenario, { voice, folder: studio.folder }, signal);
  const { accountSid, authToken, write } = terminal;
  write(`${scenario.scenario}: ${scenario.from} calls ${scenario.to} at ${url}`);
  const place = (observer: CallObserver, placing: AbortSignal) =>
    runCall({
      voiceUrl: url,
      accountSid,
      authToken,
      from: scenario.from,
      to: scenario.to,
      caller,
      observer: announced(observer, write),
      speak: (text, speaking) => spokenSamples(voice, text, speaking),
      maxDurationMs: scenario.limitMs + SPARE_MS,
      signal: placing,
    });
  const apiKey = terminal.environment.EARSHOT_API_KEY;
  const options = { scenario, caller, place, base: url, apiKey, folder, write };
  const recorded = await recordCall(options, signal);
  if (signal.aborted) {
    write(`Stopped. What there is of the call is in ${folder}`);
    return 1;
  }
  write(summary(recorded, folder));
  const { outcome, findings } = recorded.report;
  if (outcome === 'failed') terminal.complain(`\n${explainFailure(findings, url)}`);
  const inOrder = outcome !== 'failed' && outcome !== 'aborted' && outcome !== 'time-limit';
  return inOrder && recorded.checks.every(({ ok }) => ok) ? 0 : 1;
}

/** Tells the call's id as soon as it has one, so that others can listen to it. */
function announced(observer: CallObserver, write: (line: string) => void): CallObserver {
  return {
    observe: (event) => {
      if (event.type === 'answered')
        write(`answered; listen with: npm run phone -- listen ${event.callSid}`);
      observer.observe(event);
    },
  };
}
