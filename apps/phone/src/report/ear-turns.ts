import type { SpokenTurn } from '../caller/spoken.ts';
import type { Stretch } from './ear-timeline.ts';

/** One turn as it sounded at the caller's ear, before anybody says what its words were. */
export interface EarTurn extends Stretch {
  readonly speaker: 'caller' | 'agent';
  /** A caller's words by the scenario, '' for the agent. */
  readonly words: string;
  /**
   * Of the agent: from the end of the caller's last voiced frame to the first audible one; negative
   * when it began too early. Null where it answers nothing: the greeting, a second prompt.
   */
  readonly gapMs: number | null;
  /** The other side spoke into it. */
  readonly interrupted: boolean;
}

export interface BargeIn {
  readonly atMs: number;
  /** From the caller's first voiced frame to the end of the agent's sound. */
  readonly silentAfterMs: number;
}

/** The agent began to speak before the caller's turn was over, parts and pauses included. */
export interface AgentInterruption {
  readonly atMs: number;
  readonly beforeEndMs: number;
}

/** The agent may be silent for so long between two sentences of one turn. */
const SENTENCE_PAUSE_MS = 1_500;

/** Two sides that begin within this time of each other could not hear each other: nobody interrupts. */
const COLLISION_MS = 200;

/** The turns of both sides in the order in which they began. */
export function earTurns(
  spoken: readonly SpokenTurn[],
  agentStretches: readonly Stretch[],
): readonly EarTurn[] {
  const callerTurns = spoken.filter(({ kind }) => kind === 'turn');
  const agentTurns = agentTurnsOf(callerTurns, agentStretches);
  const interruptions = agentInterruptions(callerTurns, agentTurns);
  const turns = [
    ...callerTurns.map((turn): EarTurn => {
      const interrupted = interruptions.some(({ atMs }) => within(atMs, turn));
      const { startMs, endMs, said } = turn;
      return { speaker: 'caller', words: said, startMs, endMs, gapMs: null, interrupted };
    }),
    ...agentTurns.map((turn, i): EarTurn => {
      const gapMs = gapBefore(turn, agentTurns[i - 1], callerTurns);
      const interrupted = callerTurns.some((caller) => within(caller.startMs, turn));
      return { speaker: 'agent', words: '', ...turn, gapMs, interrupted };
    }),
  ];
  return turns.sort((a, b) => a.startMs - b.startMs);
}

export function bargeInsOf(turns: readonly EarTurn[]): readonly BargeIn[] {
  const agentTurns = turns.filter(({ speaker }) => speaker === 'agent');
  return turns
    .filter(({ speaker }) => speaker === 'caller')
    .flatMap(({ startMs }) => {
      const over = agentTurns.find((turn) => within(startMs, turn));
      return over ? [{ atMs: startMs, silentAfterMs: over.endMs - startMs }] : [];
    });
}

export function agentInterruptions(
  callerTurns: readonly Stretch[],
  agentTurns: readonly Stretch[],
): readonly AgentInterruption[] {
  return agentTurns.flatMap(({ startMs }) => {
    const into = callerTurns.find((turn) => within(startMs - COLLISION_MS, turn));
    if (!into || startMs >= into.endMs) return [];
    return [{ atMs: startMs, beforeEndMs: into.endMs - startMs }];
  });
}

/** Sentences of one reply are one turn, unless the caller took or finished a turn between them. */
function agentTurnsOf(
  callerTurns: readonly Stretch[],
  stretches: readonly Stretch[],
): readonly Stretch[] {
  const turns: Stretch[] = [];
  for (const stretch of stretches) {
    const last = turns.at(-1);
    const joins =
      last !== undefined &&
      stretch.startMs - last.endMs < SENTENCE_PAUSE_MS &&
      !callerTurns.some(
        ({ startMs, endMs }) =>
          isBetween(startMs, last.startMs, stretch.startMs) ||
          isBetween(endMs, last.endMs, stretch.startMs),
      );
    if (joins) turns.pop();
    turns.push({ startMs: joins ? last.startMs : stretch.startMs, endMs: stretch.endMs });
  }
  return turns;
}

function gapBefore(
  turn: Stretch,
  agentBefore: Stretch | undefined,
  callerTurns: readonly Stretch[],
): number | null {
  const answered = callerTurns.findLast(({ startMs }) => startMs < turn.startMs);
  if (!answered) return null;
  // A turn that began after the caller's has answered it, unless it broke into it.
  const answeredAlready =
    agentBefore !== undefined &&
    agentBefore.startMs > answered.startMs &&
    agentBefore.startMs >= answered.endMs;
  return answeredAlready ? null : turn.startMs - answered.endMs;
}

function within(atMs: number, { startMs, endMs }: Stretch): boolean {
  return isBetween(atMs, startMs, endMs);
}

function isBetween(atMs: number, fromMs: number, toMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}
