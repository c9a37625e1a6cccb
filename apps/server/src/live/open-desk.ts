import { type EngineChoice, openEngines, type SynthesizerChange } from '@earshot/local';
import type { Logger } from 'pino';
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
export async function openDesk(
  config: Config,
  { screen, log }: { readonly screen: Screen; readonly log: Logger },
  signal: AbortSignal,
): Promise<Desk> {
  const { receptionist: path, engines: options, vad } = config;
  const print = (text: string) => screen.write(`${text}\n`);
  const profile = await readReceptionist(path);
  await fetchFirstModels(config, screen, signal);
  await using opened = new AsyncDisposableStack();
  let receptionist: Receptionist | null = null;
  const onSynthesizer = (change: SynthesizerChange) => {
    logVoice(change, log);
    if (change.type === 'back') receptionist?.prepareRest();
  };
  const engines = opened.use(await openEngines({ ...options, onSynthesizer }, signal));
  print(tableOf(engines.table));
  const answering = opened.use(new Receptionist({ profile, engines, vad }));
  receptionist = answering;
  if (answering.notice) print(answering.notice);
  await answering.prepare(signal);
  print(`${profile.name} is answered.`);
  const resources = opened.move();
  return {
    toolNames: answering.toolNames,
    systemRoom: answering.systemRoom,
    model: engines.table.map(({ engine }) => engine).join(' + '),
    answer: (call) => answering.answer(call),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function logVoice(change: SynthesizerChange, log: Logger): void {
  if (change.type === 'back') log.info('the synthesizer speaks again');
  else log.warn({ code: change.code }, 'the synthesizer fails: its stand-in speaks');
}

/** What is used for each part, and why. */
function tableOf(rows: readonly EngineChoice[]): string {
  const wide = (column: 'part' | 'engine') => Math.max(...rows.map((row) => row[column].length));
  const [part, engine] = [wide('part'), wide('engine')];
  return rows
    .map((row) => `  ${row.part.padEnd(part)}  ${row.engine.padEnd(engine)}  ${row.why}`)
    .join('\n');
}
