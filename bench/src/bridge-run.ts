import process from 'node:process';
import { MediaServer } from './media-server.ts';
import { CLIENT_CORE, type Command, PinnedProcess, SERVER_CORE } from './pinned-process.ts';

/** A media server to be measured; `--port` is added to its command. */
export interface Peer {
  readonly name: string;
  readonly server: Command;
  /** Agent audio that its filters hold back for good, and that is not missing therefore. */
  readonly heldMs: number;
  /**
   * Delay of the filter towards the caller, where the server is given it in advance so that whole
   * frames come out at once: the voice is later by it all the same.
   */
  readonly leadMs: number;
  /** Where to begin looking for the number of calls it carries. */
  readonly guess: number;
}

/** What the client saw. Milliseconds; 20 ms of audio have arrived when their last byte has. */
export interface Run {
  readonly calls: number;
  /** 99th percentile of arrivals behind a steady grid through each call's own earliest one. */
  readonly lateP99Ms: number;
  readonly missingMs: number;
  readonly lost: number;
  /** Windows of the caller's audio that the voice model did not judge in time. */
  readonly unanswered: number;
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly serverCpuPercent: number;
  readonly memoryMb: number;
}

export interface Load {
  readonly calls: number;
  readonly seconds: number;
}

const START_TIMEOUT_MS = 90_000;
/** Beyond the measuring itself. */
const RUN_TIMEOUT_MS = 60_000;

/** One run: a fresh server, a client with so many calls, and what came of it. */
export async function run(
  peer: Peer,
  client: Command,
  { calls, seconds }: Load,
  stop: AbortSignal,
): Promise<Run> {
  const limit = AbortSignal.timeout(START_TIMEOUT_MS + RUN_TIMEOUT_MS + seconds * 1000);
  const signal = AbortSignal.any([stop, limit]);
  await using server = await MediaServer.start(peer.server, SERVER_CORE, signal);
  const options = {
    url: `ws://${server.host}/ws`,
    'server-pid': server.pid,
    calls,
    seconds,
    // A second's worth of calls arrives over some seconds, as no real server gets them all at once.
    ramp: Math.min(100, Math.ceil(5000 / calls)),
    settle: 3,
    drain: 2,
    warmup: 0,
  };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  await using caller = new PinnedProcess(
    { ...client, line: [...client.line, ...flags] },
    CLIENT_CORE,
    signal,
  );
  const report = await caller.finish();
  const health: Health = await server.health();
  return { ...read(calls, report), unanswered: health.unanswered ?? 0 };
}

/** Only our own server tells. */
interface Health {
  readonly unanswered?: number;
}

// The client's report, of which the peer's own client has more than is needed here.
interface Report {
  readonly latenessFromOwnBest: { readonly p99?: number };
  readonly missingMs: { readonly max?: number };
  readonly addedDelay: { readonly p50?: number; readonly p99?: number };
  readonly closed: number;
  readonly errors: number;
  readonly machine: { readonly serverCpuPct: number; readonly rssMaxMiB: number };
}

function read(calls: number, output: string): Omit<Run, 'unanswered'> {
  const report: Report = JSON.parse(output);
  const never = Number.POSITIVE_INFINITY;
  return {
    calls,
    lateP99Ms: report.latenessFromOwnBest.p99 ?? never,
    missingMs: report.missingMs.max ?? never,
    lost: report.closed + report.errors,
    delayP50Ms: report.addedDelay.p50 ?? never,
    delayP99Ms: report.addedDelay.p99 ?? never,
    serverCpuPercent: report.machine.serverCpuPct,
    memoryMb: report.machine.rssMaxMiB,
  };
}

/** Node running one of this folder's files; servers as `npm start` runs ours. */
export function nodeCommand(file: URL, flags: readonly string[] = []): Command {
  return { line: [process.execPath, ...flags, file.pathname] };
}
