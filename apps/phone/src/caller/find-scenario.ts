import { globSync, statSync } from 'node:fs';
import path from 'node:path';

/** Those that come with the emulator. */
const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios');

/** There is no such scenario; the message names those that there are. */
export class NoScenarioError extends Error {
  override readonly name = 'NoScenarioError';
  readonly code = 'no-scenario';
}

/** The file of a scenario that is given by its path or by the name of one that comes with the emulator. */
export function findScenario(given: string, folder: string): string {
  const own = path.join(SCENARIOS, `${given}.yaml`);
  const found = [path.resolve(folder, given), own].find((file) =>
    statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
  if (found && /\.ya?ml$/.test(found)) return found;
  const names = globSync('*.yaml', { cwd: SCENARIOS }).map((file) => path.parse(file).name);
  throw new NoScenarioError(
    `There is no scenario "${given}": give a YAML file, or one of ${names.sort().join(', ')}.`,
  );
}
