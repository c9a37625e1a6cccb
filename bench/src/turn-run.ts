import { MediaServer } from './media-server.ts';
import { type Command, PinnedProcess } from './pinned-process.ts';

/** The caller waits for the end of each answer, speaks over it, or murmurs over it. */
export type TurnMode = 'turns' | 'barge' | 'murmurs';

/** Somebody who answers, as a server for each mode. */
export interface Answerer {
  readonly name: string;
  readonly server: (mode: TurnMode) => Command;
}

/** What the client saw of one utterance. Which of these there are depends on the mode. */
export interface TurnRow {
  readonly file: string;
  /** From the last voiced frame to the first sound of the answer; absent without one. */
  readonly turnMs?: number;
  /** Messages with agent speech between the first and the last voiced frame. */
  readonly earlyFrames?: number;
  /** The agent was speaking when the caller began. */
  readonly talking?: boolean;
  /** From the first voiced frame to the clear; absent without one. */
  readonly clearMs?: number;
}

export interface TurnRun {
  readonly answerer: Answerer;
  readonly mode: TurnMode;
  readonly seed: number;
  readonly client: (mode: TurnMode) => Command;
}

const LIMIT_MS = 240_000;

/** One round of all utterances with a fresh server. */
export async function runTurns(
  { answerer, mode, seed, client }: TurnRun,
  stop: AbortSignal,
): Promise<readonly TurnRow[]> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(LIMIT_MS)]);
  await using server = await MediaServer.start(answerer.server(mode), 'any', signal);
  const { line, ...where } = client(mode);
  const flags = [
    `--url=ws://${server.host}/ws`,
    `--server-pid=${server.pid}`,
    `--mode=${mode}`,
    '--rounds=1',
    `--seed=${seed}`,
  ];
  await using caller = new PinnedProcess({ ...where, line: [...line, ...flags] }, 'any', signal);
  const output = await caller.finish();
  signal.throwIfAborted();
  const { rows }: { rows: readonly TurnRow[] } = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  return rows;
}
