import { type EngineChoice, openEngines } from '@earshot/local';
import type { Config } from './config.ts';
import { Receptionist } from './receptionist.ts';
import { readReceptionist } from './receptionist-file.ts';
import type { Desk } from './start.ts';

/**
 * Opens the receptionist of the configuration on the best engines of this machine. `print` is told
 * which these are, and why.
 */
export async function openDesk(
  { receptionist: path, engines: options, vad, maxDurationMs }: Config,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<Desk> {
  const profile = await readReceptionist(path);
  await using opened = new AsyncDisposableStack();
  const engines = opened.use(await openEngines(options, signal));
  print(tableOf(engines.table));
  const receptionist = new Receptionist({ profile, engines, vad, maxDurationMs });
  await receptionist.prepare(signal);
  print(`${profile.name} is answered.`);
  const resources = opened.move();
  return {
    answer: (record) => receptionist.answer(record),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** What is used for each part, and why. */
function tableOf(rows: readonly EngineChoice[]): string {
  const wide = (column: 'part' | 'engine') => Math.max(...rows.map((row) => row[column].length));
  const [part, engine] = [wide('part'), wide('engine')];
  return rows
    .map((row) => `  ${row.part.padEnd(part)}  ${row.engine.padEnd(engine)}  ${row.why}`)
    .join('\n');
}
