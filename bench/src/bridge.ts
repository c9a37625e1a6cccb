import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Resampler } from '@earshot/audio';
import { nodeCommand, type Peer } from './bridge-run.ts';
import { type Found, search } from './bridge-search.ts';
import { beside, type Figure, figure } from './figure.ts';
import type { Command } from './pinned-process.ts';
import { PLAIN_FILTER_MS } from './plain-filter.ts';
import type { Section } from './section.ts';
import { START_FLAGS } from './start-flags.ts';

const SERVER = nodeCommand(new URL('./bridge-server.ts', import.meta.url), START_FLAGS);
const PLAIN_SERVER = nodeCommand(new URL('./plain-bridge-server.ts', import.meta.url), START_FLAGS);
const OWN_CLIENT = nodeCommand(new URL('./media-client.ts', import.meta.url));

const OURS: Peer = {
  name: 'ours',
  server: SERVER,
  heldMs: 20,
  leadMs: new Resampler(24_000, 8000).delayMs,
  guess: 200,
};
const PLAIN: Peer = {
  name: 'plain',
  server: PLAIN_SERVER,
  heldMs: 40,
  leadMs: PLAIN_FILTER_MS,
  guess: 50,
};
const WITH_VOICE_DETECTION: Peer = {
  ...OURS,
  server: { line: [...SERVER.line, '--vad'] },
  guess: 80,
};

/** Calls a core carries as a bridge to a speech-to-speech model, both ways. */
export const bridge: Section = async (options, signal) => {
  const { pipecat } = options;
  const peers = [OURS, PLAIN, ...(pipecat ? [pipecatBridge(pipecat, [], 32)] : [])];
  if (!pipecat) options.note('PIPECAT_PEER is not set: no comparison with Pipecat');
  const found: Found[] = [];
  for (const peer of peers) found.push(await search(peer, clientFor(pipecat), options, signal));
  return figures('bridge', found);
};

/** The same with Silero voice detection on every call, all processes on that core. */
export const bridgeVad: Section = async (options, signal) => {
  const { pipecat } = options;
  const peers = [WITH_VOICE_DETECTION, ...(pipecat ? [pipecatBridge(pipecat, ['--vad'], 18)] : [])];
  if (!pipecat) options.note('PIPECAT_PEER is not set: no comparison with Pipecat');
  const found: Found[] = [];
  for (const peer of peers) found.push(await search(peer, clientFor(pipecat), options, signal));
  return figures('bridge_vad', found);
};

/** One client for all servers: the peer's where it is there, since it is not ours. */
function clientFor(pipecat: string | null): Command {
  if (!pipecat) return OWN_CLIENT;
  const file = join(pipecat, 'client/media-client.mjs');
  if (!existsSync(file)) throw new Error(`PIPECAT_PEER: there is no ${file}`);
  return { line: [process.execPath, file], folder: pipecat };
}

/** Its resamplers and its 40 ms messages hold 320 ms back for good. */
function pipecatBridge(folder: string, flags: readonly string[], guess: number): Peer {
  const python = join(folder, 'venv/bin/python');
  const server: Command = { line: [python, 'server/bridge_server.py', ...flags], folder };
  return { name: 'pipecat', server, heldMs: 320, leadMs: 0, guess };
}

/** With fewer, the garbage not yet collected is all that memory tells. */
const ENOUGH_CALLS = 10;

function measures({ peer, alone, most }: Found): Record<string, [value: number, unit: string]> {
  const { leadMs } = peer;
  const single: Record<string, [number, string]> = {
    calls_per_core: [most?.calls ?? 0, 'calls'],
    'added_delay_ms.p50': [alone.delayP50Ms + leadMs, 'ms'],
    'added_delay_ms.p99': [alone.delayP99Ms + leadMs, 'ms'],
    memory_mb: [alone.memoryMb, 'MB'],
  };
  if (!most) return single;
  const megabytes = (most.memoryMb - alone.memoryMb) / (most.calls - 1);
  const perCall: Record<string, [number, string]> =
    most.calls < ENOUGH_CALLS ? {} : { memory_per_call_kb: [megabytes * 1024, 'kB'] };
  return {
    ...single,
    ...perCall,
    'loaded_delay_ms.p50': [most.delayP50Ms + leadMs, 'ms'],
    'loaded_delay_ms.p99': [most.delayP99Ms + leadMs, 'ms'],
  };
}

/** Ours, once beside each other server; the last of them, Pipecat where it ran, has the plain name. */
function figures(section: string, [ours, ...others]: readonly Found[]): Figure[] {
  if (!ours) return [];
  const theirs = others.map((other) => ({ name: other.peer.name, measures: measures(other) }));
  return Object.entries(measures(ours)).flatMap(([what, [value, unit]]) => {
    const name = `${section}.${what}`;
    const known = theirs.flatMap(({ name: other, measures: { [what]: measure } }) =>
      measure ? [{ other, measured: measure[0] }] : [],
    );
    const main = known.at(-1);
    if (!main) return [figure(name, value, unit)];
    const rest = known.slice(0, -1);
    return [
      beside(name, value, unit, main.other, main.measured),
      ...rest.map((it) => beside(`${name}.to_${it.other}`, value, unit, it.other, it.measured)),
    ];
  });
}
