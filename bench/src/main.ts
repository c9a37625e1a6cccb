import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { bridge } from './bridge.ts';
import { codec } from './codec.ts';
import { type Figure, table } from './figure.ts';
import { resampler } from './resampler.ts';
import type { Section } from './section.ts';

/** In the order they run. */
const SECTIONS: Readonly<Record<string, Section>> = {
  codec,
  resampler,
  bridge,
};

const HELP = `npm run bench -- [options]

  --only a,b     only these sections: ${Object.keys(SECTIONS).join(', ')}
  --json FILE    also write the figures as JSON
  --long         runs as long as for published figures
  --help         this text

PIPECAT_PEER names a folder with Pipecat made ready; the bridge then runs beside it.
All load stays on this machine. Ctrl-C ends it and all it started.`;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    long: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) console.log(HELP);
else await run(flags.only?.split(',') ?? Object.keys(SECTIONS));

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) throw new Error(`No section ${unknown.join(', ')}\n\n${HELP}`);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Interrupted')));
  process.once('SIGTERM', () => stop.abort(new Error('Terminated')));
  const options = {
    long: flags.long,
    pipecat: process.env.PIPECAT_PEER ?? null,
    note: (line: string) => console.error(`  ${line}`),
  };
  const figures: Figure[] = [];
  for (const name of names) {
    console.error(`${name} ...`);
    const measured = (await SECTIONS[name]?.(options, stop.signal)) ?? [];
    console.log(`\n${table(measured)}\n`);
    figures.push(...measured);
  }
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ figures }, null, 2)}\n`);
}
