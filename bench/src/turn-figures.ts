import { beside, type Figure, figure } from './figure.ts';
import type { TurnMode, TurnRow } from './turn-run.ts';

/** Rows by who answered, in the order of the runs. */
export type RowsByName = ReadonlyMap<string, readonly TurnRow[]>;
export type TurnResults = Readonly<Record<TurnMode, RowsByName>>;

/** On engines that cost nothing: what the agent itself takes. Against Pipecat where it ran. */
export function freeFigures({ turns, barge, murmurs }: TurnResults): Figure[] {
  return [
    ...gaps('reply.beyond_engines_ms', turns),
    ...counts('reply.cut_off', turns, wasCutOff),
    ...counts('reply.unanswered', turns, ({ turnMs }) => turnMs === undefined),
    ...percentiles('barge_in.to_clear_ms', overSpoken(barge), ({ clearMs }) => clearMs),
    ...counts('barge_in.unnoticed', overSpoken(barge), ({ clearMs }) => clearMs === undefined),
    ...shares('barge_in.backchannels_left_alone', overSpoken(murmurs), (row) => !row.clearMs),
  ];
}

/** On real engines, against the plain pipeline on the same. */
export function realFigures(turns: RowsByName, serial: string): Figure[] {
  return [
    ...gaps('reply.real_engines_ms', turns),
    ...counts('reply.real_engines.cut_off', turns, wasCutOff),
    ...ratio('reply.gap_ratio_to_serial', turns, serial),
  ];
}

/** How the median gap compares with that of the plain pipeline. */
export function ratio(name: string, rows: RowsByName, serial: string): Figure[] {
  const [ours = [], theirs = []] = [rows.values().next().value, rows.get(serial)];
  const [value, other] = [ours, theirs].map((of) => percentile(known(of, cleanGap), 50));
  if (value === undefined || value === null || other === undefined || other === null) return [];
  return [{ ...figure(name, value / other, '×'), against: `${serial}: ${Math.round(other)} ms` }];
}

/** Gaps after callers who were cut off say nothing: the agent was speaking already. */
function gaps(name: string, rows: RowsByName): Figure[] {
  return percentiles(name, rows, cleanGap);
}

function cleanGap(row: TurnRow): number | undefined {
  return wasCutOff(row) ? undefined : row.turnMs;
}

function wasCutOff({ earlyFrames = 0 }: TurnRow): boolean {
  return earlyFrames > 0;
}

function overSpoken(rows: RowsByName): RowsByName {
  return new Map([...rows].map(([name, of]) => [name, of.filter(({ talking }) => talking)]));
}

type Value = (row: TurnRow) => number | undefined;
type Holds = (row: TurnRow) => boolean;

function percentiles(name: string, rows: RowsByName, of: Value): Figure[] {
  return [50, 95].flatMap((percent) => {
    const [ours, ...others] = [...rows].flatMap(([who, theirs]) => {
      const value = percentile(known(theirs, of), percent);
      return value === null ? [] : [{ who, value }];
    });
    const full = `${name}.p${percent}`;
    if (!ours) return [];
    if (others.length === 0) return [figure(full, ours.value, 'ms')];
    return others.map(({ who, value }, i) =>
      beside(nth(full, who, i), ours.value, 'ms', who, value),
    );
  });
}

function counts(name: string, rows: RowsByName, holds: Holds): Figure[] {
  return compared(
    name,
    rows,
    (of) => `of ${of.length}`,
    (of) => of.filter(holds).length,
  );
}

function shares(name: string, rows: RowsByName, holds: Holds): Figure[] {
  const share = (of: readonly TurnRow[]) => (100 * of.filter(holds).length) / of.length;
  return compared(name, rows, (of) => `% of ${of.length}`, share);
}

/** Counts have no ratio: the best of them is none. */
function compared(
  name: string,
  rows: RowsByName,
  unit: (of: readonly TurnRow[]) => string,
  value: (of: readonly TurnRow[]) => number,
): Figure[] {
  const [ours, ...others] = [...rows].filter(([, of]) => of.length > 0);
  if (!ours) return [];
  const own = figure(name, value(ours[1]), unit(ours[1]));
  if (others.length === 0) return [own];
  return others.map(([who, of], i) => ({
    ...own,
    name: nth(name, who, i),
    against: `${who}: ${Math.round(value(of))} ${unit(of)}`,
  }));
}

/** The first of the others stands beside the plain name. */
function nth(name: string, who: string, index: number): string {
  return index === 0 ? name : `${name}.to_${who}`;
}

function known(rows: readonly TurnRow[], of: Value): number[] {
  return rows.map(of).filter((value) => value !== undefined && value !== null);
}

/** The smallest value that so many percent do not exceed; null of none. */
function percentile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? null;
}
