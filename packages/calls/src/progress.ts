import type { AnsweredBy, Call, Phase } from './call.ts';
import type { CarrierStatus } from './carrier.ts';
import { type CallReport, MEDIA_ENDINGS, type MediaEnding } from './report.ts';

/** One stream of a call's audio, as far as it was told. */
interface StreamProgress {
  readonly started: boolean;
  readonly ending: MediaEnding | null;
}

/** The carrier's last word on a call. */
interface TerminalStatus {
  readonly status: Terminal;
  readonly sequence: number;
  readonly atMs: number;
}

/**
 * All that was reported of a call. Reports are merged by minimum, maximum and fixed ranks only, so
 * that order and repetition do not matter: the same reports of a call always give the same progress.
 */
export interface CallProgress {
  readonly carrierCallId: string | null;
  readonly ringingAtMs: number | null;
  readonly answeredAtMs: number | null;
  readonly terminal: TerminalStatus | null;
  readonly answeredBy: AnsweredBy | null;
  /** By the stream's number less one. */
  readonly streams: readonly StreamProgress[];
  readonly terminatedAtMs: number | null;
}

export const NO_PROGRESS: CallProgress = {
  carrierCallId: null,
  ringingAtMs: null,
  answeredAtMs: null,
  terminal: null,
  answeredBy: null,
  streams: [],
  terminatedAtMs: null,
};

/** More streams than any call has; a report of a later one is not believed. */
const MOST_STREAMS = 100;

/** Statuses after which a call does not ring or live any more; the later ones win over the earlier. */
const TERMINALS = ['canceled', 'no-answer', 'busy', 'failed', 'completed'] as const;
export type Terminal = (typeof TERMINALS)[number];

const ANSWERERS: readonly AnsweredBy[] = ['unknown', 'human', 'machine', 'fax'];

export function isTerminal(status: CarrierStatus): status is Terminal {
  return (TERMINALS as readonly CarrierStatus[]).includes(status);
}

/** What is known once this is known, too. */
export function merge(progress: CallProgress, report: CallReport): CallProgress {
  switch (report.type) {
    case 'carrier':
      return withCarrier(progress, report);
    case 'answered-by':
      return { ...progress, answeredBy: later(ANSWERERS, progress.answeredBy, report.answeredBy) };
    case 'media-started':
      return withStream(
        { ...progress, answeredAtMs: least(progress.answeredAtMs, report.atMs) },
        report.stream,
        { started: true, ending: null },
      );
    case 'media-ended':
      return withStream(
        { ...progress, answeredAtMs: least(progress.answeredAtMs, report.atMs) },
        report.stream,
        { started: true, ending: report.ending },
      );
    case 'terminate':
      return { ...progress, terminatedAtMs: least(progress.terminatedAtMs, report.atMs) };
  }
}

/** What is known of a call of which nothing but its row is left. */
export function progressOf(call: Call): CallProgress {
  const { carrierCallId, ringingAtMs, answeredAtMs, answeredBy } = call;
  return { ...NO_PROGRESS, carrierCallId, ringingAtMs, answeredAtMs, answeredBy };
}

export function phaseOf({ terminal, answeredAtMs, ringingAtMs }: CallProgress): Phase {
  if (terminal) return 'ended';
  if (answeredAtMs !== null) return 'answered';
  return ringingAtMs === null ? 'queued' : 'ringing';
}

function withCarrier(
  progress: CallProgress,
  report: CallReport & { type: 'carrier' },
): CallProgress {
  const { carrierCallId, status, atMs, sequence } = report;
  // A call has one leg of ours. What is told of another, as of one it is transferred to, is not its end.
  if (progress.carrierCallId !== null && progress.carrierCallId !== carrierCallId) return progress;
  const known = { ...progress, carrierCallId };
  if (status === 'ringing') return { ...known, ringingAtMs: least(known.ringingAtMs, atMs) };
  if (status === 'in-progress') return { ...known, answeredAtMs: least(known.answeredAtMs, atMs) };
  if (!isTerminal(status)) return known;
  const terminal = { status, sequence: sequence ?? -1, atMs };
  return { ...known, terminal: lastWord(known.terminal, terminal) };
}

function lastWord(known: TerminalStatus | null, told: TerminalStatus): TerminalStatus {
  if (known === null) return told;
  const difference =
    told.sequence - known.sequence ||
    TERMINALS.indexOf(told.status) - TERMINALS.indexOf(known.status) ||
    known.atMs - told.atMs;
  return difference > 0 ? told : known;
}

function withStream(progress: CallProgress, stream: number, told: StreamProgress): CallProgress {
  if (!Number.isInteger(stream) || stream < 1 || stream > MOST_STREAMS) return progress;
  const nothing: StreamProgress = { started: false, ending: null };
  const length = Math.max(progress.streams.length, stream);
  const streams = Array.from({ length }, (_, i) => progress.streams[i] ?? nothing);
  const known = streams[stream - 1] ?? nothing;
  streams[stream - 1] = {
    started: known.started || told.started,
    ending: later(MEDIA_ENDINGS, known.ending, told.ending),
  };
  return { ...progress, streams };
}

function later<T>(ranks: readonly T[], known: T | null, told: T | null): T | null {
  if (known === null || told === null) return known ?? told;
  return ranks.indexOf(told) > ranks.indexOf(known) ? told : known;
}

function least(known: number | null, told: number): number {
  return known === null ? told : Math.min(known, told);
}
