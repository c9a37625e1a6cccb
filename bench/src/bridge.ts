import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Resampler } from '@earshot/audio';
import { bisect } from './bisect.ts';
import { nodeCommand, type Peer, type Run, run } from './bridge-run.ts';
import { beside, type Figure, figure } from './figure.ts';
import type { Command } from './pinned-process.ts';
import type { BenchOptions, Section } from './section.ts';

/** How much later than that of a single call the 99th percentile of arrivals may be. */
const LATE_LIMIT_MS = 20;
const PROBE_SECONDS = 12;
const FINAL_SECONDS = 60;
/** By how much less is tried when a long run fails. */
const STEP_BACK = 0.05;

const OURS: Peer = {
  name: 'ours',
  server: nodeCommand(new URL('./bridge-server.ts', import.meta.url)),
  heldMs: 20,
  guess: 400,
};

const PLAIN: Peer = {
  name: 'plain',
  server: nodeCommand(new URL('./plain-bridge-server.ts', import.meta.url)),
  heldMs: 40,
  guess: 120,
};

/** Its resamplers and its 40 ms messages hold that much back. */
const PIPECAT_HELD_MS = 320;

/** What was found of one server. */
interface Found {
  readonly peer: Peer;
  /** A single call: what the server adds when it has nothing else to do. */
  readonly alone: Run;
  /** The most calls that were carried. */
  readonly most: Run;
}

/**
 * Calls a core carries as a bridge to a speech-to-speech model, both ways. A run passes when all
 * audio came, no call was lost and the 99th percentile of lateness is less than 20 ms above that of
 * a single call.
 */
export const bridge: Section = async (options, signal) => {
  const client = options.pipecat ? peerClient(options.pipecat) : OWN_CLIENT;
  const peers = [OURS, PLAIN, ...(options.pipecat ? [pipecat(options.pipecat)] : [])];
  if (!options.pipecat) options.note('PIPECAT_PEER is not set: no comparison with Pipecat');
  const found: Found[] = [];
  for (const peer of peers) found.push(await search(peer, client, options, signal));
  return figures(found);
};

const OWN_CLIENT = nodeCommand(new URL('./media-client.ts', import.meta.url));

function peerClient(folder: string): Command {
  const file = join(folder, 'client/media-client.mjs');
  if (!existsSync(file)) throw new Error(`PIPECAT_PEER: no ${file}`);
  return { line: [process.execPath, file], folder };
}

function pipecat(folder: string): Peer {
  const line: Command['line'] = [join(folder, 'venv/bin/python'), 'server/bridge_server.py'];
  return { name: 'pipecat', server: { line, folder }, heldMs: PIPECAT_HELD_MS, guess: 60 };
}

async function search(
  peer: Peer,
  client: Command,
  { long, note }: BenchOptions,
  signal: AbortSignal,
): Promise<Found> {
  const alone = await run(peer, client, { calls: 1, seconds: 6 }, signal);
  note(`${peer.name}: ${describe(alone)}`);
  const probe = async (calls: number, seconds: number): Promise<Run | null> => {
    const result = await run(peer, client, { calls, seconds }, signal);
    const passed = isCarried(result, alone, peer);
    note(`${peer.name}: ${describe(result)}: ${passed ? 'carried' : 'too many'}`);
    return passed ? result : null;
  };
  let most = await bisect(peer.guess, (calls) => probe(calls, PROBE_SECONDS));
  while (long && most) {
    const confirmed = await probe(most.calls, FINAL_SECONDS);
    if (confirmed) return { peer, alone, most: confirmed };
    most = { ...most, calls: Math.floor(most.calls * (1 - STEP_BACK)) };
  }
  return { peer, alone, most: most ?? alone };
}

function isCarried(result: Run, alone: Run, { heldMs }: Peer): boolean {
  const inTime = result.lateP99Ms < alone.lateP99Ms + LATE_LIMIT_MS;
  return inTime && result.missingMs <= heldMs && result.lost === 0;
}

function describe(result: Run): string {
  const { calls, lateP99Ms, missingMs, lost, delayP50Ms, serverCpuPercent } = result;
  return `${calls} calls: p99 ${lateP99Ms} ms late, ${missingMs} ms missing, ${lost} lost, ${delayP50Ms} ms through, core ${serverCpuPercent} % busy`;
}

// Ours and the plain server are given the filter's delay in advance, so that whole frames come out at
// once; the voice is later by it all the same.
const FILTER_MS = new Resampler(24_000, 8000).delayMs;

function measures({ peer, alone, most }: Found): Record<string, [value: number, unit: string]> {
  const filterMs = peer.name === 'pipecat' ? 0 : FILTER_MS;
  const megabytes = (most.memoryMb - alone.memoryMb) / Math.max(1, most.calls - 1);
  return {
    calls_per_core: [most.calls, 'calls'],
    'added_delay_ms.p50': [alone.delayP50Ms + filterMs, 'ms'],
    'added_delay_ms.p99': [alone.delayP99Ms + filterMs, 'ms'],
    'loaded_delay_ms.p50': [most.delayP50Ms + filterMs, 'ms'],
    'loaded_delay_ms.p99': [most.delayP99Ms + filterMs, 'ms'],
    memory_per_call_kb: [megabytes * 1024, 'kB'],
    memory_mb: [alone.memoryMb, 'MB'],
  };
}

/** Ours beside the plain server, and beside Pipecat where it ran. */
function figures([ours, ...others]: readonly Found[]): Figure[] {
  if (!ours) return [];
  const mine = Object.entries(measures(ours));
  const main = others.at(-1);
  return mine.flatMap(([name, [value, unit]]) => {
    const theirs = others.map((other) => ({
      name: other.peer.name,
      value: measures(other)[name]?.[0] ?? Number.NaN,
    }));
    const against = theirs.find((other) => other.name === main?.peer.name);
    return [
      against
        ? beside(`bridge.${name}`, value, unit, against.name, against.value)
        : figure(`bridge.${name}`, value, unit),
      ...theirs
        .filter((other) => other !== against)
        .map((other) =>
          beside(`bridge.${name}.to_${other.name}`, value, unit, other.name, other.value),
        ),
    ];
  });
}
