import type { SpokenTurn } from '../caller/spoken.ts';
import type { CallOutcome, Finding } from '../carrier/call-observer.ts';
import type { Stretch } from './ear-timeline.ts';
import {
  type AgentInterruption,
  agentInterruptions,
  type BargeIn,
  bargeInsOf,
  earTurns,
} from './ear-turns.ts';
import type { ServerTranscript, TakenMessage } from './server-transcript.ts';
import { alignWords } from './word-alignment.ts';

/** One call, judged at the caller's ear. Times in milliseconds since the answer. */
export interface CallReport {
  readonly outcome: CallOutcome['reason'];
  readonly turns: readonly ReportedTurn[];
  readonly bargeIns: readonly BargeIn[];
  readonly backchannels: readonly Backchannel[];
  readonly agentInterruptions: readonly AgentInterruption[];
  readonly messages: readonly TakenMessage[];
  readonly findings: readonly Finding[];
  /** Over the agent's answers that came after the caller's turn; null when there was none. */
  readonly gap: { readonly p50: number | null; readonly p95: number | null };
}

export interface ReportedTurn {
  readonly speaker: 'caller' | 'agent';
  /** Of the caller what the scenario said, of the agent what it meant to say. */
  readonly said: string;
  /** Of the caller what the server understood, of the agent what was played. */
  readonly heard: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Of the agent: end of the caller's voice to first sound. Null where it answers nothing. */
  readonly gapMs: number | null;
  /** The other side spoke into it. */
  readonly interrupted: boolean;
}

interface Backchannel {
  readonly atMs: number;
  /** The agent dropped its speech for it. */
  readonly yielded: boolean;
}

/** Everything that was seen and heard of a call. */
export interface CallEvidence {
  readonly outcome: CallOutcome['reason'];
  readonly spoken: readonly SpokenTurn[];
  readonly agentStretches: readonly Stretch[];
  readonly clears: readonly { readonly atMs: number; readonly droppedMs: number }[];
  readonly streamStartedMs: number;
  readonly findings: readonly Finding[];
  readonly transcript: ServerTranscript | null;
}

/** A `clear` that comes so long after a murmur is not its doing. */
const YIELD_MS = 1_000;

export function reportOf(evidence: CallEvidence): CallReport {
  const turns = earTurns(evidence.spoken, evidence.agentStretches);
  const words = alignWords(turns, evidence.transcript?.turns ?? [], evidence.streamStartedMs);
  const interruptions = agentInterruptions(
    turns.filter(({ speaker }) => speaker === 'caller'),
    turns.filter(({ speaker }) => speaker === 'agent'),
  );
  const gaps = turns.flatMap(({ gapMs }) => (gapMs !== null && gapMs >= 0 ? [gapMs] : []));
  return {
    outcome: evidence.outcome,
    turns: turns.map(({ speaker, startMs, endMs, gapMs, interrupted }, i) => ({
      speaker,
      said: words[i]?.said ?? '',
      heard: words[i]?.heard ?? '',
      startMs: Math.round(startMs),
      endMs: Math.round(endMs),
      gapMs: gapMs === null ? null : Math.round(gapMs),
      interrupted,
    })),
    bargeIns: bargeInsOf(turns).map(({ atMs, silentAfterMs }) => ({
      atMs: Math.round(atMs),
      silentAfterMs: Math.round(silentAfterMs),
    })),
    backchannels: evidence.spoken
      .filter(({ kind }) => kind === 'backchannel')
      .map((murmur) => ({
        atMs: Math.round(murmur.startMs),
        yielded: yieldedTo(murmur, evidence.clears),
      })),
    agentInterruptions: interruptions.map(({ atMs, beforeEndMs }) => ({
      atMs: Math.round(atMs),
      beforeEndMs: Math.round(beforeEndMs),
    })),
    messages: evidence.transcript?.messages ?? [],
    findings: [...evidence.findings, ...interruptions.map(findingOf)].sort(
      (a, b) => a.atMs - b.atMs,
    ),
    gap: { p50: percentile(gaps, 50), p95: percentile(gaps, 95) },
  };
}

/** Nearest rank; null of nothing. */
export function percentile(values: readonly number[], rank: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
  return value === undefined ? null : Math.round(value);
}

function yieldedTo(murmur: SpokenTurn, clears: CallEvidence['clears']): boolean {
  return clears.some(
    ({ atMs, droppedMs }) =>
      droppedMs > 0 && atMs >= murmur.startMs && atMs <= murmur.endMs + YIELD_MS,
  );
}

function findingOf({ atMs, beforeEndMs }: AgentInterruption): Finding {
  return {
    code: 'agent-interrupted',
    level: 'warning',
    text: `the agent began to speak ${Math.round(beforeEndMs)} ms before the caller was done`,
    atMs: Math.round(atMs),
  };
}
