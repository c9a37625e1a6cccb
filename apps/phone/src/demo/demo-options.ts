import { extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ENGINES = ['small', 'auto', 'real'] as const;

export interface DemoOptions {
  readonly engines: (typeof ENGINES)[number];
  readonly scenarioFile: string;
  readonly folder: string;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'bad-usage';
}

export const USAGE = `npm run demo -- [options]

A simulated caller rings a server of its own; both sides speak real audio. Needs no account, no key
and no network. Ends with 0 only if the call really went through.

  --engines small   the small offline engines, on both sides (default)
  --engines auto    the server takes the best engines that are present
  --engines real    Whisper on the server, Piper on both sides, from MODELS_DIR
  --scenario FILE   another caller: a YAML file, or a name of apps/phone/scenarios (default: demo)
  --out DIR         where call.wav, report.json and report.html go (default: out/demo)
  --help            this text`;

const SCENARIOS = resolve(import.meta.dirname, '../../scenarios');

/** Null when help is asked for. `folder`: where the user is. Throws `UsageError`. */
export function demoOptions(args: readonly string[], folder: string): DemoOptions | null {
  const { values } = parsed(args);
  if (values.help) return null;
  const engines = ENGINES.find((one) => one === values.engines);
  if (!engines) throw new UsageError(`--engines is one of ${ENGINES.join(', ')}`);
  return {
    engines,
    scenarioFile: fileOf(values.scenario, folder),
    folder: resolve(folder, values.out),
  };
}

/** A file, or the name of a scenario that comes with the emulator. */
function fileOf(scenario: string, folder: string): string {
  const isName = extname(scenario) === '' && !scenario.includes('/');
  return isName ? resolve(SCENARIOS, `${scenario}.yaml`) : resolve(folder, scenario);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        engines: { type: 'string', default: 'small' },
        scenario: { type: 'string', default: 'demo' },
        out: { type: 'string', default: 'out/demo' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
