import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { api } from './api.ts';
import { bridge, bridgeVad } from './bridge.ts';
import { codec } from './codec.ts';
import { endOfTurn } from './end-of-turn.ts';
import { type Figure, table } from './figure.ts';
import { resampler } from './resampler.ts';
import type { Section } from './section.ts';
import { realTurns, turns } from './turns.ts';

/** In the order they run. */
const SECTIONS: Readonly<Record<string, Section>> = {
  codec,
  resampler,
  bridge,
  'bridge-vad': bridgeVad,
  'end-of-turn': endOfTurn,
  turns,
  'real-turns': realTurns,
  api,
};

/** What a machine has that does nothing else. */
const QUIET_LOAD = 0.5;

const HELP = `npm run bench -- [options]

  --only a,b     only these sections: ${Object.keys(SECTIONS).join(', ')}
  --json FILE    also write the figures as JSON
  --long         runs as long as for published figures
  --help         this text

PIPECAT_PEER names a folder with Pipecat made ready; the bridge and the turns then run beside it.
All load stays on this machine. Ctrl-C ends it and all it started.`;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
try {
  await main();
} catch (error) {
  console.error(stop.signal.aborted ? 'Stopped' : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = flags.only?.split(',') ?? Object.keys(SECTIONS);
  const unknown = names.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) console.error(`There is no section ${unknown.join(', ')}.\n`);
  if (unknown.length > 0) process.exitCode = 2;
  if (flags.help || unknown.length > 0) console.log(HELP);
  else await measure(names, flags.long, flags.json ?? null);
}

async function measure(names: readonly string[], long: boolean, file: string | null) {
  const pipecat = process.env.PIPECAT_PEER ?? null;
  const note = (line: string) => console.error(`  ${line}`);
  const [load = 0] = loadavg();
  if (load > QUIET_LOAD) note(`this machine is busy (load ${load.toFixed(1)}): so are its figures`);
  const figures: Figure[] = [];
  for (const name of names) {
    note(name);
    const measured = (await SECTIONS[name]?.({ long, pipecat, note }, stop.signal)) ?? [];
    console.log(`\n${table(measured)}\n`);
    figures.push(...measured);
  }
  if (file) writeFileSync(file, `${JSON.stringify({ figures }, null, 2)}\n`);
}
