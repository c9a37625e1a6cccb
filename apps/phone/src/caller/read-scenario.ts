import { readText, UnreadableError } from '@earshot/process';
import { parseScenario, ScenarioError } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Reads a scenario from its file. Throws a `ScenarioError` that lists every problem. `name` is for the messages. */
export async function readScenario(file: string, name: string): Promise<Scenario> {
  const yaml = await readText(file).catch((cause) => {
    if (!(cause instanceof UnreadableError)) throw cause;
    throw new ScenarioError(`${name} cannot be read: ${cause.message}`, { cause });
  });
  return parseScenario(yaml, name);
}
