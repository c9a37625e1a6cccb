import { type EngineChoice, openEngines } from '@earshot/local';
import type { Config } from '../config.ts';
import { fetchFirstModels } from '../first-models.ts';
import { readReceptionist } from '../receptionist-file.ts';
import type { Screen } from '../screen.ts';
import type { Desk } from './desk.ts';
import { Receptionist } from './receptionist.ts';

/**
 * Opens the receptionist of the configuration on the best engines of this machine. The screen
 * is told which these are, and why.
 */
export async function openDesk(config: Config, screen: Screen, signal: AbortSignal): Promise<Desk> {
  const { receptionist: path, engines: options, vad } = config;
  const print = (text: string) => screen.write(`${text}\n`);
  const profile = await readReceptionist(path);
  await fetchFirstModels(config, screen, signal);
  await using opened = new AsyncDisposableStack();
  const engines = opened.use(await openEngines(options, signal));
  print(tableOf(engines.table));
  const receptionist = opened.use(new Receptionist({ profile, engines, vad }));
  const { notice } = receptionist;
  if (notice) print(notice);
  await receptionist.prepare(signal);
  print(`${profile.name} is answered.`);
  const resources = opened.move();
  return {
    toolNames: receptionist.toolNames,
    systemRoom: receptionist.systemRoom,
    model: engines.table.map(({ engine }) => engine).join(' + '),
    answer: (call) => receptionist.answer(call),
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
