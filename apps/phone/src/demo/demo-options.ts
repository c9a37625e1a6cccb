import { resolve } from 'node:path';
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
  --scenario FILE   another caller (default: apps/phone/scenarios/demo.yaml)
  --out DIR         where call.wav, report.json and report.html go (default: out/demo)
  --help            this text`;

const DEFAULT_SCENARIO = resolve(import.meta.dirname, '../../scenarios/demo.yaml');

/** Null when help is asked for. `folder`: where the user is. Throws `UsageError`. */
export function demoOptions(args: readonly string[], folder: string): DemoOptions | null {
  const { values } = parsed(args);
  if (values.help) return null;
  const engines = ENGINES.find((one) => one === values.engines);
  if (!engines) throw new UsageError(`--engines is one of ${ENGINES.join(', ')}`);
  return {
    engines,
    scenarioFile: resolve(folder, values.scenario),
    folder: resolve(folder, values.out),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        engines: { type: 'string', default: 'small' },
        scenario: { type: 'string', default: DEFAULT_SCENARIO },
        out: { type: 'string', default: 'out/demo' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
