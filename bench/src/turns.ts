import type { BenchOptions, Section } from './section.ts';
import { free, pipecats, real, turnClient } from './turn-answerers.ts';
import { freeFigures, type RowsByName, ratio, realFigures } from './turn-figures.ts';
import { type Answerer, runTurns, type TurnMode, type TurnRow } from './turn-run.ts';
import { type TurnSetting, turnSetting } from './turn-setting.ts';

const OURS = 'ours';
const SERIAL = 'serial';
/** Ours where the front desk's usual lines were not spoken ahead of the callers. */
const UNPREPARED = 'unprepared';
/** Each with its own order of the recordings. */
const SEEDS = [7, 8, 9];
/** Ours and all of Pipecat's settings. A short bench has murmurs heard by ours and one other. */
const MOST_PEERS = 3;

interface Job {
  readonly answerer: Answerer;
  readonly mode: TurnMode;
  readonly seed: number;
}

/** Reply gap and barge-in on the wire, at a caller's end of the media stream. */
export const turns: Section = async (options, signal) => {
  const setting = await turnSetting(options, signal);
  if (!setting) return [];
  const done = await runAll(freeJobs(options, setting), setting, options, signal);
  const figures = freeFigures({
    turns: rowsOf(done, 'turns'),
    barge: rowsOf(done, 'barge'),
    murmurs: rowsOf(done, 'murmurs'),
  });
  if (setting.models) return figures;
  return [...figures, ...ratio('reply.gap_ratio_to_serial', rowsOf(done, 'turns'), SERIAL)];
};

/** The reply gap with Whisper, the front desk and Piper, on all cores. */
export const realTurns: Section = async (options, signal) => {
  const setting = await turnSetting(options, signal);
  if (!setting?.models) return [];
  const all = [
    real(OURS, 'cascade', setting.models),
    real(SERIAL, 'serial', setting.models),
    real(UNPREPARED, 'cascade', setting.models, ['--unprepared']),
  ];
  const jobs = SEEDS.slice(0, options.long ? 3 : 1).flatMap((seed) =>
    all.map((answerer) => ({ answerer, mode: 'turns' as const, seed })),
  );
  const done = await runAll(jobs, setting, options, signal);
  return realFigures(rowsOf(done, 'turns'), SERIAL);
};

/** Rounds take turns; in a short bench only ours is heard more than once. */
function freeJobs({ long, pipecat, note }: BenchOptions, setting: TurnSetting): Job[] {
  const ours = free(OURS, 'cascade', setting);
  const serial = free(SERIAL, 'serial', setting);
  const peers = pipecat ? pipecats(pipecat) : [];
  if (!pipecat) note('skipped: Pipecat: PIPECAT_PEER is not set');
  const withSerial = long || !setting.models;
  return SEEDS.flatMap((seed, round) => {
    const others = long || round === 0 ? peers : [];
    const everybody = [ours, ...others];
    const inTurns = withSerial && (long || round === 0) ? [...everybody, serial] : everybody;
    const murmuring = round === 0 ? everybody.slice(0, long ? MOST_PEERS : 2) : [];
    return [
      ...inTurns.map((answerer) => ({ answerer, mode: 'turns' as const, seed })),
      ...everybody.map((answerer) => ({ answerer, mode: 'barge' as const, seed })),
      ...murmuring.map((answerer) => ({ answerer, mode: 'murmurs' as const, seed })),
    ];
  });
}

type Done = readonly { readonly job: Job; readonly rows: readonly TurnRow[] }[];

/** One call at a time, with the whole machine for it: engines work while the voice path goes on. */
async function runAll(
  jobs: readonly Job[],
  setting: TurnSetting,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<Done> {
  const client = turnClient(options.pipecat, setting);
  const done: { job: Job; rows: readonly TurnRow[] }[] = [];
  for (const job of jobs) {
    const rows = await runTurns({ ...job, client }, signal).catch(skippedIfPeers(job, options));
    options.note(`${job.answerer.name}, ${job.mode}: ${told(rows)}`);
    done.push({ job, rows });
  }
  return done;
}

/** A peer that fails leaves its column empty. */
function skippedIfPeers({ answerer, mode }: Job, { note }: BenchOptions) {
  return (error: unknown): TurnRow[] => {
    if (!answerer.name.startsWith('pipecat')) throw error;
    note(`skipped: ${answerer.name}, ${mode}: ${error}`);
    return [];
  };
}

function told(rows: readonly TurnRow[]): string {
  return rows
    .map(({ file, turnMs, clearMs, earlyFrames }) => {
      const ms = Math.round(clearMs ?? turnMs ?? Number.NaN);
      return `${file} ${ms}${earlyFrames ? ' cut off' : ''}`;
    })
    .join(', ');
}

function rowsOf(done: Done, mode: TurnMode): RowsByName {
  const rows = new Map<string, TurnRow[]>();
  for (const { job, rows: of } of done.filter((one) => one.job.mode === mode))
    rows.set(job.answerer.name, [...(rows.get(job.answerer.name) ?? []), ...of]);
  return rows;
}
